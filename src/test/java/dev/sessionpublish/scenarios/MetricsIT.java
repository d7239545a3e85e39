package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.docs.MetricsDocument;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.ForgeStandIns;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the operator tells Prometheus, read as Prometheus reads it. */
class MetricsIT extends OperatorScenario {

    /** Some metrics are there once a pull request was read. */
    @Override
    Map<String, String> settings() {
        return ForgeStandIns.follow(Duration.ofSeconds(1));
    }

    @Test
    void theOperatorTellsWhatThePageListsAndNothingElse() throws Exception {
        Scene done = scene().ready();
        done.sandbox();
        done.publish("").end();
        Scene waiting = scene().ready();
        waiting.publish("").awaitReason("sandbox-not-ready");

        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(scrape().metrics())
                .containsExactlyInAnyOrderEntriesOf(MetricsDocument.read()));
    }

    @Test
    void aPublishIsCountedUnderItsProject() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        SessionPublishStatus end = scene.publish("").end();

        Scrape told = scrape();
        assertThat(told.sum(
                        "session_publish_ended_total",
                        "namespace",
                        EmbeddedWorld.NAMESPACE,
                        "project",
                        scene.name(),
                        "phase",
                        "PullRequestCreated",
                        "reason",
                        "none"))
                .isEqualTo(1);
        assertThat(told.sum("session_publish_execs_total", "project", scene.name(), "outcome", "ok"))
                .isEqualTo(1);
        assertThat(told.sum("session_publish_relayed_bytes_total", "project", scene.name(), "content", "pack"))
                .isEqualTo((double) end.push().bytes());
        assertThat(told.sum("session_publish_duration_seconds_count", "phase", "PullRequestCreated"))
                .isPositive();
        for (String stage :
                new String[] {"admit", "push", "locate", "advertise", "ask", "journal", "relay", "pull-request"}) {
            assertThat(told.sum("session_publish_stage_seconds_count", "stage", stage))
                    .as(stage)
                    .isPositive();
        }
        assertThat(told.sum(
                        "session_publish_forge_request_seconds_count", "api", "git", "method", "POST", "code", "200"))
                .isPositive();
        assertThat(told.sum(
                        "session_publish_forge_request_seconds_count", "api", "rest", "method", "POST", "code", "201"))
                .isPositive();
        assertThat(told.sum("session_publish_reconcile_seconds_count", "controller", "sessionpublish", "result", "ok"))
                .isPositive();
        assertThat(told.sum("session_publish_threads")).isEqualTo(64);
    }

    @Test
    void whatIsLeftOfTheRateLimitIsToldAlsoByTheRefusalThatItHasRunOut() throws Exception {
        Scene scene = scene().ready();
        assertThat(scrape().sum("session_publish_rate_limit", "project", scene.name()))
                .isEqualTo(5000);
        assertThat(scrape().sum("session_publish_rate_limit_remaining", "project", scene.name()))
                .isBetween(1.0, 5000.0);
        world().gitHub().token(scene.token(), "agent-bot").rateLimit(0, 700, 4_102_444_800L, 403);
        scene.sandbox();

        scene.publish("").awaitReason("rate-limited");

        Scrape told = scrape();
        assertThat(told.sum("session_publish_rate_limit", "project", scene.name()))
                .isEqualTo(700);
        assertThat(told.sum("session_publish_rate_limit_remaining", "project", scene.name()))
                .isZero();
        assertThat(told.sum("session_publish_rate_limit_reset_timestamp_seconds", "project", scene.name()))
                .isEqualTo(4_102_444_800d);
    }

    @Test
    void aForgeThatHangsUpIsNoStatus() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        double before = scrape().sum("session_publish_forge_request_seconds_count", "api", "git", "code", "io");
        world().git()
                .fault(Fault.on("GET", scene.name() + ".git/info/refs").always().resetting());

        scene.publish("").awaitReason("network");

        assertThat(scrape().sum("session_publish_forge_request_seconds_count", "api", "git", "code", "io"))
                .isGreaterThan(before);
        world().client().resource(scene.get()).delete();
    }

    @Test
    void anExecThatIsCutAndOneThatIsRefusedAreTold() throws Exception {
        Scene cut = scene().ready();
        cut.sandbox();
        cut.annotatePod("procnode/exec-cut-after", "64");
        cut.publish("").awaitReason("exec-failed");
        Scene refused = scene().ready();
        refused.sandbox();
        refused.annotatePod("procnode/exec-fail", "true");
        refused.publish("").awaitReason("exec-failed");

        Scrape told = scrape();
        assertThat(told.sum("session_publish_execs_total", "project", cut.name(), "outcome", "cut"))
                .isPositive();
        assertThat(told.sum("session_publish_execs_total", "project", refused.name(), "outcome", "refused"))
                .isPositive();
        world().client().resource(cut.get()).delete();
        world().client().resource(refused.get()).delete();
    }

    @Test
    void thePublishesThatThereAreAreCountedByPhaseAndTheOldestUnfinishedIsTold() throws Exception {
        Scene scene = scene().ready();
        scene.publish("").awaitPhase(Phase.Waiting);

        await(() -> {
            Scrape told = scrape();
            return told.sum("session_publish_publishes", "project", scene.name(), "phase", "Waiting") == 1
                    && told.sum("session_publish_oldest_unfinished_seconds", "project", scene.name()) >= 1;
        });

        scene.publish("  suspend: true").awaitPhase(Phase.Suspended);
        await(() -> scrape().sum("session_publish_publishes", "project", scene.name(), "phase", "Suspended") == 1);
        assertThat(scrape().of("project", scene.name()))
                .extracting(Scrape.Sample::name)
                .doesNotContain("session_publish_oldest_unfinished_seconds");
        world().client().resource(scene.get()).delete();
        await(() -> scrape().sum("session_publish_publishes", "project", scene.name()) == 0);
    }

    @Test
    void namingProjectsThatThereAreNotMakesNoSeries() throws Exception {
        Scene scene = scene();
        scene.publish("").awaitReason("project-not-found");

        assertThat(scrape().of("project", scene.name())).isEmpty();
        assertThat(scrape().sum("session_publish_ended_total", "project", "", "reason", "project-not-found"))
                .isPositive();
    }

    @Test
    void theSeriesOfAProjectEndWithIt() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        scene.publish("").end();
        world().client().resource(scene.get()).delete();
        assertThat(scrape().of("project", scene.name())).isNotEmpty();

        world().client().resource(scene.storedProject().orElseThrow()).delete();

        await(() -> scrape().of("project", scene.name()).isEmpty());
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition::holds);
    }

    private static Scrape scrape() throws Exception {
        return Scrape.of(operator().metricsPort());
    }
}
