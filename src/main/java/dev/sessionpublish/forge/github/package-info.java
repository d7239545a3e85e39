/** GitHub behind the forge interface, by its REST API. */
@NullMarked
package dev.sessionpublish.forge.github;

import org.jspecify.annotations.NullMarked;
