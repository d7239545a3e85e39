/** What a publish does in the sandbox and at the forge's git: one exec, one pack, one update of a branch. */
@NullMarked
package dev.sessionpublish.publish.push;

import org.jspecify.annotations.NullMarked;
