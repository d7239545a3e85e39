/** What the reconciler of every resource kind needs, and which knows none of them: status writes, conditions, lifecycle
 * events, backoff, the retry annotation, finalizers. */
@NullMarked
package dev.sessionpublish.lifecycle;

import org.jspecify.annotations.NullMarked;
