package dev.sessionpublish.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PublishMetricsTest {
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(session_\\S+)` \\| (\\S+) \\|");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final PublishMetrics metrics = new PublishMetrics(registry);

    @Test
    void anEndIsCountedOnceByPhaseAndReason() {
        SessionPublishStatus failed = status(Phase.Failed, "2026-03-01T12:00:00Z", "auth");
        metrics.ended(null, failed);
        metrics.ended(failed, failed);
        metrics.ended(failed, status(Phase.Pushed, "2026-03-01T12:01:00Z", null));

        assertThat(registry.scrape())
                .contains("session_publish_ended_total{phase=\"Failed\",reason=\"auth\"} 1.0")
                .contains("session_publish_ended_total{phase=\"Pushed\",reason=\"none\"} 1.0");
    }

    @Test
    void whatGoesOnHasNotEnded() {
        metrics.ended(null, null);
        metrics.ended(null, new StoredPublish().phase(Phase.Waiting).publish().getStatus());
        assertThat(registry.scrape()).doesNotContain("session_publish_ended_total{");
    }

    @Test
    void aStageIsTimedThoughItIsRefused() {
        assertThatThrownBy(() -> metrics.timed(PublishMetrics.Stage.PUSH, () -> {
                    throw new RefusedException(Reason.NETWORK, "no answer");
                }))
                .isInstanceOf(RefusedException.class);
        assertThat(registry.scrape()).contains("session_publish_stage_seconds_count{stage=\"push\"} 1");
    }

    @Test
    void thePageListsWhatThereIs() throws Exception {
        metrics.ended(null, status(Phase.Failed, "2026-03-01T12:00:00Z", "auth"));
        metrics.timed(PublishMetrics.Stage.PULL_REQUEST, () -> 1);
        metrics.execOpened();
        metrics.relayed(7);

        assertThat(found(ROW, Files.readString(Path.of("docs", "metrics.md"))))
                .isEqualTo(found(TYPE, withoutMaximum(registry.scrape())))
                .hasSize(4);
    }

    @Test
    void dashboardAndAlertsUseTheseNamesAndLabelsOnly() throws Exception {
        metrics.ended(null, status(Phase.Failed, "2026-03-01T12:00:00Z", "auth"));
        metrics.timed(PublishMetrics.Stage.PULL_REQUEST, () -> 1);
        Set<String> told = words("(?m)^(session_publish_\\w+)", registry.scrape());
        for (String file : List.of("dashboard.json", "alerts.yaml")) {
            String text = Files.readString(Path.of("helm", "session-publish-operator", "files", file))
                    .replace("\\\"", "\"");

            assertThat(words("\\b(session_publish_\\w+)", text)).isNotEmpty().isSubsetOf(told);
            assertThat(words("[{,]phase!?=~?\"([^\"]+)\"", text)).allSatisfy(Phase::valueOf);
            assertThat(words("[{,]reason!?=~?\"([^\"]+)\"", text))
                    .flatMap(reasons -> List.of(reasons.split("[|]")))
                    .allMatch(reason ->
                            reason.equals("none") || Reason.ofCode(reason).isPresent());
            assertThat(words("\\bby \\(([^)]+)\\)", text)).isSubsetOf("phase", "reason", "stage", "pod");
        }
        assertThat(words(
                        "\\b(session_publish_\\w+)",
                        Files.readString(Path.of("helm", "session-publish-operator", "files", "dashboard.json"))))
                .as("the dashboard shows everything there is")
                .isEqualTo(told);
    }

    private static Set<String> words(String pattern, String text) {
        Set<String> words = new HashSet<>();
        for (Matcher matcher = Pattern.compile(pattern).matcher(text); matcher.find(); ) {
            words.add(matcher.group(1));
        }
        return words;
    }

    /** Micrometer's timers come with a gauge of the greatest value lately, which is no metric of its own. */
    private static String withoutMaximum(String scrape) {
        return scrape.replaceAll("(?m)^# TYPE \\S+_max gauge$", "");
    }

    private static Set<List<String>> found(Pattern pattern, String text) {
        Set<List<String>> found = new HashSet<>();
        for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
            found.add(List.of(matcher.group(1), matcher.group(2)));
        }
        return found;
    }

    private static SessionPublishStatus status(Phase phase, String finishedAt, String reason) {
        StoredPublish stored = new StoredPublish().phase(phase).status("finishedAt", finishedAt);
        return (reason == null ? stored : stored.status("reason", reason))
                .publish()
                .getStatus();
    }
}
