package dev.sessionpublish.telemetry;

import java.util.List;
import java.util.Map;

/**
 * Whether there are traces, by the variables that OpenTelemetry's specification names. They are sent in OTLP over HTTP
 * when {@code OTEL_TRACES_EXPORTER} is {@code otlp}, or, where it is absent, when an endpoint is given by
 * {@code OTEL_EXPORTER_OTLP_ENDPOINT} or {@code OTEL_EXPORTER_OTLP_TRACES_ENDPOINT}; never when {@code OTEL_SDK_DISABLED}
 * is true. Nothing of OpenTelemetry is loaded when there are none.
 */
public final class Tracing {
    static final String PROTOCOL = "http/protobuf";

    private Tracing() {}

    /** @throws IllegalArgumentException when the variables contradict each other or can't be read; quotes no secret */
    public static Traces start(Map<String, String> environment) {
        if (!isWanted(environment)) {
            return Traces.OFF;
        }
        for (String name : List.of("OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")) {
            String protocol = value(environment, name);
            if (!protocol.isEmpty() && !protocol.equals(PROTOCOL)) {
                throw new IllegalArgumentException(name + " must be " + PROTOCOL + ": nothing else is spoken.");
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
