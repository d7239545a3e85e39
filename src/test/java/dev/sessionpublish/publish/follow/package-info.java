/** Which pull requests are read when, counted at a metered stand-in. */
@NullMarked
package dev.sessionpublish.publish.follow;

import org.jspecify.annotations.NullMarked;
