/** Tests of how a publish is decided, worded and repeated. */
@NullMarked
package dev.sessionpublish.publish;

import org.jspecify.annotations.NullMarked;
