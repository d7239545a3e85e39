/** The entry point, and the only place where the parts are wired together. */
@NullMarked
package dev.sessionpublish;

import org.jspecify.annotations.NullMarked;
