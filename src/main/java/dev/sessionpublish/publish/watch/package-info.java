/** What a publish reacts to and is counted by: informers, the trimmed cache, gauges. */
@NullMarked
package dev.sessionpublish.publish.watch;

import org.jspecify.annotations.NullMarked;
