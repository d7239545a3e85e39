/** Traces and metrics of requests. Only this package uses OpenTelemetry. */
@NullMarked
package dev.sessionpublish.telemetry;

import org.jspecify.annotations.NullMarked;
