package dev.sessionpublish.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.http.Api;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForgeRequestsTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ForgeRequests metrics = new ForgeRequests(registry, Traces.OFF);

    @Test
    void anAnswerIsCountedByItsStatusAndNoAnswerAsIo() {
        metrics.ended(Api.GIT, "GET", OptionalInt.of(403), Duration.ofMillis(70));
        metrics.ended(Api.LFS, "PUT", OptionalInt.empty(), Duration.ofSeconds(30));

        assertThat(registry.scrape())
                .contains("session_publish_forge_request_seconds_count{api=\"git\",code=\"403\",method=\"GET\"} 1")
                .contains(
                        "session_publish_forge_request_seconds_bucket{api=\"git\",code=\"403\",method=\"GET\",le=\"0.05\"} 0")
                .contains(
                        "session_publish_forge_request_seconds_bucket{api=\"git\",code=\"403\",method=\"GET\",le=\"0.1\"} 1")
                .contains("session_publish_forge_request_seconds_count{api=\"lfs\",code=\"io\",method=\"PUT\"} 1");
    }

    @Test
    void aForgeCantMakeSeriesAtWill() {
        IntStream.range(100, 1000)
                .forEach(status -> metrics.ended(Api.REST, "GET", OptionalInt.of(status), Duration.ZERO));

        assertThat(registry.getMeters()).hasSizeLessThan(45);
        assertThat(ForgeRequests.code(OptionalInt.of(418))).isEqualTo("4xx");
    }
}
