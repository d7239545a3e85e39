package dev.sessionpublish.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.MDC;

class TracingTest {

    @ParameterizedTest
    @CsvSource({
        "false, OTEL_SERVICE_NAME=x",
        "true,  OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318",
        "true,  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://collector:4318/v1/traces",
        "true,  OTEL_TRACES_EXPORTER=otlp",
        "false, OTEL_TRACES_EXPORTER=none OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318",
        "false, OTEL_SDK_DISABLED=true OTEL_TRACES_EXPORTER=otlp",
        "false, OTEL_EXPORTER_OTLP_ENDPOINT="
    })
    void thereAreTracesWhenTheVariablesSaySo(boolean wanted, String variables) {
        assertThat(Tracing.isWanted(environment(variables))).isEqualTo(wanted);
    }

    @Test
    void withoutThemNothingOfOpenTelemetryIsUsed() {
        assertThat(Tracing.start(Map.of())).isSameAs(Traces.OFF);
    }

    @Test
    void anExporterThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Tracing.start(Map.of("OTEL_TRACES_EXPORTER", "zipkin")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("OTEL_TRACES_EXPORTER: zipkin");
    }

    @Test
    void aProtocolThatIsNotSpokenIsRefused() {
        assertThatThrownBy(
                        () -> Tracing.start(environment("OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_PROTOCOL=grpc")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("OTEL_EXPORTER_OTLP_PROTOCOL: expected http/protobuf, the only supported protocol.");
    }

    @Test
    void headersThatCantBeReadAreNotQuoted() {
        assertThatThrownBy(() ->
                        Tracing.start(Map.of("OTEL_TRACES_EXPORTER", "otlp", "OTEL_EXPORTER_OTLP_HEADERS", "s3cret")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("OTEL_EXPORTER_OTLP_HEADERS")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void logLinesCarryTheTraceWhileItIsOpen() {
        try (Traces traces = Tracing.start(
                environment("OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:1"))) {
            try (Traces.Span outer = traces.begin("publish")) {
                String id = MDC.get("trace_id");
                assertThat(id).matches("[0-9a-f]{32}");
                try (Traces.Span inner = traces.begin("admit")) {
                    inner.failed("auth");
                }
                assertThat(MDC.get("trace_id")).isEqualTo(id);
                outer.with("key", "value");
            }
            assertThat(MDC.get("trace_id")).isNull();
        }
    }

    private static Map<String, String> environment(String variables) {
        Map<String, String> environment = new HashMap<>();
        for (String each : variables.split(" ")) {
            environment.put(each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1));
        }
        return environment;
    }
}
