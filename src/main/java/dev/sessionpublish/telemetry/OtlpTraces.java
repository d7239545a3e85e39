package dev.sessionpublish.telemetry;

import dev.sessionpublish.outcome.SafeText;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.MDC;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Exports traces to a collector in the background with bounded memory. Spans that can't be exported in time are
 * dropped.
 */
final class OtlpTraces implements Traces {
    /** The MDC key of the trace id. */
    private static final String TRACE_ID = "trace_id";

    /** The SDK's name of a variable in its messages. */
    private static final Pattern PROPERTY = Pattern.compile("\\botel(\\.\\w+)+");

    private static final String SCOPE = "dev.sessionpublish";
    private static final int LONGEST_VALUE = 200;
    private static final Duration LAST_EXPORT = Duration.ofSeconds(5);
    /** The defaults of the specification include protocols and signals that are not supported here. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "otel.service.name", "session-publish-operator",
            "otel.traces.exporter", "otlp",
            "otel.metrics.exporter", "none",
            "otel.logs.exporter", "none",
            "otel.exporter.otlp.protocol", Tracing.PROTOCOL);

    private final OpenTelemetrySdk sdk;
    private final Tracer tracer;

    private OtlpTraces(OpenTelemetrySdk sdk) {
        this.sdk = sdk;
        this.tracer = sdk.getTracer(SCOPE);
    }

    static Traces start(Map<String, String> environment) {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        try {
            return new OtlpTraces(AutoConfiguredOpenTelemetrySdk.builder()
                    .disableShutdownHook()
                    .addPropertiesSupplier(() -> DEFAULTS)
                    .addPropertiesCustomizer(properties -> given(environment))
                    .build()
                    .getOpenTelemetrySdk());
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException(explain(String.valueOf(e.getMessage())), e);
        }
    }

    private static String explain(String message) {
        return message.toLowerCase(Locale.ROOT).contains("headers")
                ? "OTEL_EXPORTER_OTLP_HEADERS: expected KEY=VALUE pairs, separated by commas."
                : SafeText.line(PROPERTY.matcher(message).replaceAll(name -> variable(name.group())), 500);
    }

    private static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** Converts the variables to the SDK's properties. */
    private static Map<String, String> given(Map<String, String> environment) {
        Map<String, String> properties = new HashMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith("OTEL_") && !value.isBlank()) {
                properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        return properties;
    }

    @Override
    public Span begin(String name) {
        boolean root =
                !io.opentelemetry.api.trace.Span.current().getSpanContext().isValid();
        io.opentelemetry.api.trace.Span span = tracer.spanBuilder(name).startSpan();
        if (root) {
            MDC.put(TRACE_ID, span.getSpanContext().getTraceId());
        }
        return new Open(span, span.makeCurrent(), root);
    }

    @Override
    public void did(String name, Duration took, Map<String, String> attributes) {
        if (!io.opentelemetry.api.trace.Span.current().getSpanContext().isValid()) {
            return;
        }
        Instant end = Instant.now();
        io.opentelemetry.api.trace.Span span = tracer.spanBuilder(name)
                .setSpanKind(SpanKind.CLIENT)
                .setStartTimestamp(end.minus(took))
                .startSpan();
        attributes.forEach((key, value) -> span.setAttribute(key, SafeText.line(value, LONGEST_VALUE)));
        span.end(end);
    }

    @Override
    public <T> Callable<T> carried(Callable<T> task) {
        return Context.current().wrap(task);
    }

    @Override
    public void close() {
        sdk.shutdown().join(LAST_EXPORT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private record Open(io.opentelemetry.api.trace.Span span, Scope scope, boolean root) implements Span {
        @Override
        public Span with(String key, String value) {
            span.setAttribute(key, SafeText.line(value, LONGEST_VALUE));
            return this;
        }

        @Override
        public void failed(String reason) {
            span.setAttribute("error.type", reason);
            span.setStatus(StatusCode.ERROR, reason);
        }

        @Override
        public void close() {
            scope.close();
            span.end();
            if (root) {
                MDC.remove(TRACE_ID);
            }
        }
    }
}
