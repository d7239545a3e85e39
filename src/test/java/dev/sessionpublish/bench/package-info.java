/**
 * Measurements: the packaged operator in a process of its own, side by side with a script and with a bare {@code git push}
 * in the same run. Nothing is asserted about time; docs/performance.md says how to read the figures.
 */
@NullMarked
package dev.sessionpublish.bench;

import org.jspecify.annotations.NullMarked;
