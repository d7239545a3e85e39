/** SessionPublish: the reconciler, its steps, and the one place where its status is built. */
@NullMarked
package dev.sessionpublish.publish;

import org.jspecify.annotations.NullMarked;
