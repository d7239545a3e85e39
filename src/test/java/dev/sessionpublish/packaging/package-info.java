/** What the build hands out: the jar with its libraries and its bill of materials, the container image. */
@NullMarked
package dev.sessionpublish.packaging;

import org.jspecify.annotations.NullMarked;
