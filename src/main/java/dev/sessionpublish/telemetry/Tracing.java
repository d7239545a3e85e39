package dev.sessionpublish.telemetry;

import java.util.List;
import java.util.Map;

/**
 * Configures tracing from the variables of OpenTelemetry's specification. Traces are exported in OTLP over HTTP if
 * {@code OTEL_TRACES_EXPORTER} is {@code otlp}, or if it is absent and {@code OTEL_EXPORTER_OTLP_ENDPOINT} or {@code
 * OTEL_EXPORTER_OTLP_TRACES_ENDPOINT} is set, unless {@code OTEL_SDK_DISABLED} is true. If tracing is off, no class of
 * OpenTelemetry is loaded.
 */
public final class Tracing {
    static final String PROTOCOL = "http/protobuf";

    private Tracing() {}

    /** @throws IllegalArgumentException if the variables are invalid or conflict; the message quotes no secret */
    public static Traces start(Map<String, String> environment) {
        if (!isWanted(environment)) {
            return Traces.OFF;
        }
        for (String name : List.of("OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")) {
            String protocol = value(environment, name);
            if (!protocol.isEmpty() && !protocol.equals(PROTOCOL)) {
                throw new IllegalArgumentException(name + ": expected " + PROTOCOL + ", the only supported protocol.");
            }
        }
        return OtlpTraces.start(environment);
    }

    static boolean isWanted(Map<String, String> environment) {
        if (value(environment, "OTEL_SDK_DISABLED").equalsIgnoreCase("true")) {
            return false;
        }
        String exporter = value(environment, "OTEL_TRACES_EXPORTER");
        if (!exporter.isEmpty()) {
            return !exporter.equals("none");
        }
        return !value(environment, "OTEL_EXPORTER_OTLP_ENDPOINT").isEmpty()
                || !value(environment, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT").isEmpty();
    }

    private static String value(Map<String, String> environment, String name) {
        return environment.getOrDefault(name, "").strip();
    }
}
