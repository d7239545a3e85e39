package dev.sessionpublish.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A world and one packaged operator with the image's JVM options for all of a class. */
@Tag("bench")
abstract class BenchScenario {
    static final Pattern READY = Pattern.compile("(?m)\\bReady$");
    private static final long PATIENCE_MINUTES = 30;

    @TempDir
    static Path directory;

    static BenchWorld world;
    static PackagedOperator operator;
    private static Ends ends;

    @BeforeAll
    static void start() throws Exception {
        world = BenchWorld.start(directory);
        Map<String, String> environment = world.operatorEnvironment();
        environment.put("SESSION_PUBLISH_EXEC_TIMEOUT", "PT30M");
        environment.put("SESSION_PUBLISH_FORGE_TIMEOUT", "PT5M");
        operator = launch(environment);
        operator.awaitLine(READY);
        ends = new Ends(world.client());
    }

    static PackagedOperator launch(Map<String, String> environment) throws IOException {
        return PackagedOperator.launch(
                Files.createTempFile(directory, "operator", ".log"),
                environment,
                Path.of(System.getProperty("bench.java", System.getProperty("java.home"))),
                ImageOptions.read());
    }

    @AfterAll
    static void stop() throws Exception {
        ends.close();
        operator.close();
        world.close();
    }

    /** Creates a publish, and completes when it has ended. */
    static CompletableFuture<SessionPublish> publish(Sandbox sandbox, String branch) {
        return publish(sandbox, branch, "");
    }

    /** @param more of the spec, as a YAML line indented by two */
    static CompletableFuture<SessionPublish> publish(Sandbox sandbox, String branch, String more) {
        String name = branch.replace('/', '-');
        CompletableFuture<SessionPublish> end = ends.of(sandbox.tenant().namespace(), name);
        sandbox.tenant().publish(name, sandbox.pod(), more);
        return end;
    }

    static SessionPublish ended(CompletableFuture<SessionPublish> end) throws Exception {
        SessionPublish publish = end.get(PATIENCE_MINUTES, TimeUnit.MINUTES);
        assertThat(publish.getStatus().phase())
                .as("%s\n%s", publish.getStatus(), operator.log())
                .isEqualTo(Phase.PullRequestCreated);
        return publish;
    }

    static double seconds(long startedNanos) {
        return (System.nanoTime() - startedNanos) / 1e9;
    }
}
