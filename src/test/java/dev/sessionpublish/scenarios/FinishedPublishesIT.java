package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sessionpublish.Main;
import dev.sessionpublish.OperatorInProcess;
import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.FinishedPublishes;
import dev.sessionpublish.embedded.ForgeStandIns;
import dev.sessionpublish.embedded.cluster.AuditEntry;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What publishes that have ended cost when the operator starts, and while there is nothing to do: counted. */
class FinishedPublishesIT extends WorldScenario {
    private static final int PROJECTS = 3;
    private static final int PER_PROJECT = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<String, String> FOLLOW = ForgeStandIns.follow(Duration.ofSeconds(1));
    private static final Pattern METRICS = Pattern.compile("metrics on port (\\d+)");

    @BeforeAll
    static void publishAndMultiply() throws Exception {
        List<Scene> scenes = new ArrayList<>();
        try (OperatorInProcess operator =
                OperatorInProcess.start(world.cluster().config(), world.environment(FOLLOW))) {
            assertThat(operator.metricsPort()).isPositive();
            for (int n = 0; n < PROJECTS; n++) {
                Scene scene = scene().ready();
                scene.sandbox();
                scene.publish("");
                assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
                // One whose pull request is open is followed.
                world.gitHub().repository(scene.repository()).end(1, true);
                scene.awaitPhase(Phase.Merged);
                scenes.add(scene);
            }
        }
        for (int n = 0; n < PROJECTS; n++) {
            int from = n * PER_PROJECT;
            FinishedPublishes.copy(
                    world.client(), EmbeddedWorld.NAMESPACE, scenes.get(n).name(), from, from + PER_PROJECT - 1);
        }
    }

    @Test
    void aRestartAsksForListsOnceAndForNoPublish() throws Exception {
        world.cluster().audit().clear();
        int forge = forgeRequests();
        try (OperatorInProcess operator =
                OperatorInProcess.start(world.cluster().config(), world.environment())) {
            awaitSeen(operator::metricsPort);

            List<String> lines =
                    requests().stream().map(FinishedPublishesIT::line).toList();
            assertThat(lines)
                    .doesNotHaveDuplicates()
                    .allMatch(line -> line.startsWith("get "))
                    .noneMatch(line -> line.contains("/sessionpublishes/"))
                    .noneMatch(line -> line.contains("/pods/"));
            assertThat(lines)
                    .filteredOn(line -> line.contains("/sessionpublishes?"))
                    .hasSize(1);
            assertThat(lines).filteredOn(line -> line.contains("/secrets?")).hasSize(PROJECTS);
            assertThat(lines)
                    .as("lists of kinds, besides one Secret per project")
                    .hasSizeLessThan(PROJECTS + 10);
            assertThat(forgeRequests()).as("requests to the forge").isEqualTo(forge);
        }
    }

    @Test
    void nothingIsAskedWhileThereIsNothingToDoButForTheLease() throws Exception {
        world.cluster().audit().clear();
        try (PackagedOperator operator = PackagedOperator.launch(
                Files.createTempFile(directory, "operator", ".log"),
                world.environment(Map.of(
                        "SESSION_PUBLISH_LEADER_ELECTION", "true",
                        "SESSION_PUBLISH_LEADER_ELECTION_NAMESPACE", "operators")),
                Main.class)) {
            int metrics = Integer.parseInt(operator.awaitLine(METRICS).group(1));
            awaitSeen(() -> metrics);
            world.cluster().audit().clear();
            int forge = forgeRequests();

            await().atMost(PATIENCE)
                    .until(() -> requests().stream()
                                    .filter(entry -> entry.path().contains("/leases/"))
                                    .filter(entry -> !entry.verb().equals("get"))
                                    .count()
                            >= 3);

            assertThat(requests()).allMatch(entry -> entry.path().contains("/leases/"));
            assertThat(forgeRequests()).isEqualTo(forge);
        }
    }

    /** Waits until the operator watches the Secret of each project, has read all publishes, and works on none. */
    private static void awaitSeen(Supplier<Integer> metricsPort) {
        await().atMost(PATIENCE).until(() -> {
            Scrape scrape = Scrape.of(metricsPort.get());
            return secretWatches() == PROJECTS
                    && sum(scrape, "session_publish_publishes") == PROJECTS * PER_PROJECT
                    && sum(scrape, "session_publish_queued") == 0
                    && sum(scrape, "session_publish_threads_busy") == 0;
        });
    }

    private static long secretWatches() {
        return world.cluster().audit().entries().stream()
                .filter(entry -> entry.verb().equals("watch") && entry.path().endsWith("/secrets"))
                .count();
    }

    private static double sum(Scrape scrape, String metric) {
        return scrape.samples().stream()
                .filter(sample -> sample.name().equals(metric))
                .mapToDouble(Scrape.Sample::value)
                .sum();
    }

    private static List<AuditEntry> requests() {
        return world.cluster().audit().entries().stream()
                .filter(entry -> !entry.verb().equals("watch"))
                .toList();
    }

    private static String line(AuditEntry entry) {
        return entry.verb() + " " + entry.path() + "?" + entry.request().query();
    }

    private static int forgeRequests() {
        return world.git().requests().size() + world.gitHub().exchanges().size();
    }
}
