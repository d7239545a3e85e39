/** What every forge must do, as tests. */
@NullMarked
package dev.sessionpublish.forge;

import org.jspecify.annotations.NullMarked;
