package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.ForgeStandIns;
import dev.sessionpublish.embedded.cluster.AuditEntry;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the packaged operator when there is nothing to do: how soon it is ready, what memory it holds, what it asks.
 * It runs on the JDK, and on the image's runtime where the build made one. Memory and requests are asserted; times are
 * told and not asserted.
 */
@Tag("bench")
class IdleBenchIT {
    private static final long MIB = 1 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration IDLE = Duration.ofSeconds(15);
    private static final int FINISHED = 10_000;
    private static final int STARTS = 2;

    /** Those of the image, in a pod with the chart's limit of memory. */
    private static final List<String> OPTIONS =
            List.of("-XX:MaxRAM=512m", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError");

    private static final PatchContext STATUS = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("operator")
            .build();

    @TempDir
    static Path directory;

    @AutoClose
    private static EmbeddedWorld world;

    @BeforeAll
    static void start() throws Exception {
        world = EmbeddedWorld.start(directory);
        world.registerProject();
    }

    @Test
    void tenThousandFinishedPublishesCostNoRequestAndFitIntoTheMemory() throws Exception {
        GenericKubernetesResource finished = publishOne();
        Map<String, Path> runtimes = runtimes();
        for (Map.Entry<String, Path> runtime : runtimes.entrySet()) {
            measure(runtime.getKey(), runtime.getValue(), 1);
        }
        multiply(finished);
        for (Map.Entry<String, Path> runtime : runtimes.entrySet()) {
            measure(runtime.getKey(), runtime.getValue(), FINISHED);
        }
    }

    private static Map<String, Path> runtimes() {
        Map<String, Path> runtimes = new LinkedHashMap<>();
        runtimes.put("JDK", Path.of(System.getProperty("java.home")));
        Path linked = Path.of(System.getProperty("operator.jar")).resolveSibling("image/opt/java");
        if (Files.isDirectory(linked)) {
            runtimes.put("image's runtime", linked);
        }
        return runtimes;
    }

    private static GenericKubernetesResource publishOne() throws Exception {
        world.sandbox("s7").branch("agent/one").commit("One", "one.txt", "1");
        Map<String, String> environment = world.environment(ForgeStandIns.follow(Duration.ofSeconds(1)));
        try (PackagedOperator operator = PackagedOperator.launch(directory.resolve("first.log"), environment)) {
            world.publish("one", "s7", "");
            SessionPublish ended = world.awaitEnd("one");
            assertThat(ended.getStatus().phase()).as(operator.log()).isEqualTo(Phase.PullRequestCreated);
            // One whose pull request is open is not finished: it is followed.
            world.gitHub().repository(EmbeddedWorld.REPOSITORY).end(1, true);
            world.await("one", publish -> publish.getStatus().phase() == Phase.Merged);
        }
        return world.client()
                .genericKubernetesResources("sessionpublish.dev/v1alpha1", "SessionPublish")
                .inNamespace(EmbeddedWorld.NAMESPACE)
                .withName("one")
                .get();
    }

    /** As many publishes like it, each written by the two who would have. */
    private static void multiply(GenericKubernetesResource finished) {
        for (int from = 1; from < FINISHED; from += 500) {
            IntStream.range(from, Math.min(from + 500, FINISHED)).parallel().forEach(n -> {
                GenericKubernetesResource spec = named(n, finished);
                spec.setAdditionalProperty("spec", finished.get("spec"));
                resource(spec).fieldManager("kubectl").serverSideApply();
                GenericKubernetesResource status = named(n, finished);
                status.setAdditionalProperty("status", finished.get("status"));
                resource(status).subresource("status").patch(STATUS);
            });
            world.cluster().audit().clear();
            world.cluster().compact();
        }
    }

    private static Resource<GenericKubernetesResource> resource(GenericKubernetesResource resource) {
        return world.client().resource(resource);
    }

    private static GenericKubernetesResource named(int n, GenericKubernetesResource like) {
        GenericKubernetesResource copy = new GenericKubernetesResource();
        copy.setApiVersion(like.getApiVersion());
        copy.setKind(like.getKind());
        copy.setMetadata(new ObjectMetaBuilder()
                .withNamespace(EmbeddedWorld.NAMESPACE)
                .withName("finished-" + n)
                .build());
        return copy;
    }

    private static void measure(String runtime, Path java, int publishes) throws Exception {
        double[] ready = new double[STARTS];
        for (int n = 0; n < STARTS; n++) {
            Path log = Files.createTempFile(directory, "operator", ".log");
            long started = System.nanoTime();
            try (PackagedOperator operator = PackagedOperator.launch(log, world.environment(), java, OPTIONS)) {
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> operator.log()
                        .contains("OperatorProgram Ready"));
                ready[n] = (System.nanoTime() - started) / 1e9;
                if (n == STARTS - 1) {
                    idle(runtime, operator, publishes, ready);
                }
            }
        }
    }

    private static void idle(String runtime, PackagedOperator operator, int publishes, double[] ready)
            throws Exception {
        await().pollDelay(IDLE).atMost(PATIENCE).until(() -> true); // the first look at each object is over
        world.cluster().audit().clear();
        int git = world.git().requests().size();
        int forge = world.gitHub().exchanges().size();
        await().pollDelay(IDLE).atMost(PATIENCE).until(() -> true);

        assertThat(world.cluster().audit().entries())
                .extracting(AuditEntry::verb)
                .allMatch(verb -> verb.equals("watch"));
        assertThat(world.git().requests()).hasSize(git);
        assertThat(world.gitHub().exchanges()).hasSize(forge);
        System.out.printf(
                Locale.ROOT,
                "bench: %s, %d finished publishes: ready after %.1f, %.1f s; resident %d MiB idle, %d MiB at its peak%n",
                runtime,
                publishes,
                ready[0],
                ready[1],
                operator.residentMemory() / MIB,
                operator.peakMemory() / MIB);
        // The aim is 256 MiB and docs/tested.md says what is reached: this keeps it from getting worse.
        assertThat(operator.peakMemory()).isLessThan(320 * MIB);
    }
}
