/** Whole publishes, as users see them, on the embedded default. */
@NullMarked
package dev.sessionpublish.scenarios;

import org.jspecify.annotations.NullMarked;
