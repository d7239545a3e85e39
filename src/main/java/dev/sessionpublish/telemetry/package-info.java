/** Traces of what the operator does, for whoever collects them. The only package that knows OpenTelemetry. */
@NullMarked
package dev.sessionpublish.telemetry;

import org.jspecify.annotations.NullMarked;
