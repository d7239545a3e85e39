/** What a publish does at the forge's API: finds and opens pull requests. */
@NullMarked
package dev.sessionpublish.publish.pullrequest;

import org.jspecify.annotations.NullMarked;
