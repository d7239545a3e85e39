package dev.sessionpublish.telemetry;

import dev.sessionpublish.http.Api;
import dev.sessionpublish.http.RequestListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Counts and times requests to forges by API, method and status, and records each as a span of the current trace. Only
 * common statuses have their own series, so that a forge can't create arbitrary series.
 */
public final class ForgeRequests implements RequestListener {
    private static final Set<Integer> USUAL = Set.of(
            200, 201, 202, 204, 301, 302, 304, 307, 308, 400, 401, 403, 404, 405, 409, 410, 411, 413, 415, 422, 423,
            429, 451, 500, 501, 502, 503, 504, 507, 509);
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(2),
        Duration.ofMinutes(10)
    };

    private final MeterRegistry registry;
    private final Traces traces;

    public ForgeRequests(MeterRegistry registry, Traces traces) {
        this.registry = registry;
        this.traces = traces;
    }

    @Override
    public void ended(Api api, String method, OptionalInt status, Duration took) {
        Timer.builder("session.publish.forge.request")
                .description("Requests to forges, timed from the start of the request to the start of the response.")
                .serviceLevelObjectives(BUCKETS)
                .tags("api", api.word(), "method", method, "code", code(status))
                .register(registry)
                .record(took);
        traces.did(
                method + " " + api.word(),
                took,
                Map.of("session_publish.api", api.word(), "session_publish.code", code(status)));
    }

    public static String code(OptionalInt status) {
        if (status.isEmpty()) {
            return "io";
        }
        int code = status.getAsInt();
        return USUAL.contains(code) ? Integer.toString(code) : code / 100 + "xx";
    }
}
