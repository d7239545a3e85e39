/** Tests of the traces. */
@NullMarked
package dev.sessionpublish.telemetry;

import org.jspecify.annotations.NullMarked;
