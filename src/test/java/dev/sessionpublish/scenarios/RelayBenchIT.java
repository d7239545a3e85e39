package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.RealGit;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.git.PushReason;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the packaged operator in a process of its own against the stand-ins, and prints what it finds. Sizes and
 * memory are asserted; times are told and not asserted.
 */
@Tag("bench")
class RelayBenchIT {
    private static final long MIB = 1 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final int ROUNDS = 15;

    @TempDir
    static Path directory;

    private static EmbeddedWorld world;
    private static PackagedOperator operator;

    @BeforeAll
    static void start() throws Exception {
        world = EmbeddedWorld.start(directory);
        world.registerProject();
        operator = PackagedOperator.launch(
                directory.resolve("operator.log"),
                world.environment(
                        Map.of("SESSION_PUBLISH_EXEC_TIMEOUT", "PT30M", "SESSION_PUBLISH_FORGE_TIMEOUT", "PT5M")),
                Path.of(System.getProperty("java.home")),
                List.of("-Xmx160m", "-XX:+UseSerialGC"));
    }

    @AfterAll
    static void stop() throws Exception {
        operator.close();
        world.close();
    }

    private static void tell(String format, Object... values) {
        System.out.println("bench: " + String.format(Locale.ROOT, format, values));
    }

    private static SessionPublish end(String name) {
        SessionPublish[] last = new SessionPublish[1];
        Awaitility.await(name)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    last[0] = world.get(name);
                    return last[0].getStatus() != null && last[0].getStatus().finishedAt() != null;
                });
        return last[0];
    }

    /** One commit of incompressible files of 32 MiB each, which go into the pack as they are. */
    private static void noise(SandboxCheckout checkout, int files) throws IOException {
        byte[] noise = new byte[(int) MIB];
        Random random = new Random(files);
        for (int n = 0; n < files; n++) {
            try (OutputStream out = Files.newOutputStream(checkout.directory().resolve("noise-" + files + "-" + n))) {
                for (int each = 0; each < 32; each++) {
                    random.nextBytes(noise);
                    out.write(noise);
                }
            }
        }
        checkout.git("add", "--all");
        checkout.commit(files + " files of noise", Map.of());
    }

    @Test
    void aPackJustUnderTheLimitPassesAndOneJustOverIsRefusedInBoundedMemory() throws Exception {
        SandboxCheckout under = world.sandbox("under").branch("agent/under").config("core.compression", "0");
        noise(under, 63);
        SandboxCheckout over = world.sandbox("over").branch("agent/over").config("core.compression", "0");
        noise(over, 65);
        long before = operator.peakMemory();

        long started = System.nanoTime();
        world.publish("over", "over", "");
        SessionPublish refused = end("over");
        double overSeconds = (System.nanoTime() - started) / 1e9;
        started = System.nanoTime();
        world.publish("under", "under", "");
        SessionPublish pushed = end("under");
        double underSeconds = (System.nanoTime() - started) / 1e9;

        assertThat(refused.getStatus().reason())
                .as("%s", refused.getStatus())
                .isEqualTo(PushReason.PACK_TOO_LARGE.code());
        assertThat(world.git().tip(EmbeddedWorld.REPOSITORY, "agent/over")).isEmpty();
        assertThat(pushed.getStatus().phase()).as("%s", pushed.getStatus()).isEqualTo(Phase.PullRequestCreated);
        assertThat(world.git().tip(EmbeddedWorld.REPOSITORY, "agent/under")).contains(under.head());
        long bytes = pushed.getStatus().push().bytes();
        assertThat(bytes).isBetween(2_000 * MIB, 2_048 * MIB);
        tell(
                "a pack of %d MiB: %.0f s, %.0f MiB/s; one of over 2048 MiB refused after %.0f s",
                bytes / MIB, underSeconds, bytes / MIB / underSeconds, overSeconds);
        tell(
                "resident memory at its peak: %d MiB before, %d MiB after both (heap of at most 160 MiB)",
                before / MIB, operator.peakMemory() / MIB);
        assertThat(operator.peakMemory()).isLessThan(400 * MIB);
    }

    @Test
    void aCheckoutOfAHundredThousandFiles() throws Exception {
        SandboxCheckout checkout = world.sandbox("many").branch("agent/many");
        StringBuilder stream =
                new StringBuilder("commit refs/heads/agent/many\ncommitter A <a@example.com> 1767225600 +0000\n"
                        + "data 4\nMany\nfrom " + checkout.head() + "\n");
        for (int n = 0; n < 100_000; n++) {
            String content = "file " + n + "\n";
            stream.append("M 100644 inline many/" + n % 500 + "/" + n + ".txt\ndata " + content.length() + "\n"
                    + content + "\n");
        }
        RealGit.in(checkout.directory())
                .runWith(stream.toString().getBytes(StandardCharsets.UTF_8), "fast-import", "--quiet", "--force");
        checkout.git("reset", "--quiet", "--hard", "agent/many");
        checkout.dirty("many/0/0.txt", "changed").dirty("untracked.txt", "new");

        long started = System.nanoTime();
        world.publish("many", "many", "  uncommittedChanges: Commit");
        SessionPublish publish = end("many");
        double seconds = (System.nanoTime() - started) / 1e9;

        assertThat(publish.getStatus().phase()).as("%s", publish.getStatus()).isEqualTo(Phase.PullRequestCreated);
        assertThat(publish.getStatus().workspace().uncommittedFiles()).isEqualTo(2);
        tell("a checkout of 100000 new files, two of them changed: %.1f s", seconds);
    }

    /** What the operator takes the place of, run by an exec in the same pod, with the credential in the sandbox. */
    private static double script(String pod, SandboxCheckout checkout, String branch) throws Exception {
        String script = """
                set -e
                git -c http.sslCAInfo=%1$s -c http.extraHeader='Authorization: Basic %2$s' push -q %3$s HEAD:refs/heads/%4$s
                curl -sS --fail --cacert %1$s -H 'Authorization: Bearer %5$s' -H 'Content-Type: application/json' \
                  -d '{"title":"Work","head":"%4$s","base":"main","body":""}' %6$s/repos/%7$s/pulls >/dev/null
                """.formatted(
                directory.resolve("ca/ca.pem"),
                java.util.Base64.getEncoder()
                        .encodeToString(("x-access-token:" + EmbeddedWorld.TOKEN).getBytes(StandardCharsets.UTF_8)),
                world.git().url(EmbeddedWorld.REPOSITORY),
                branch,
                EmbeddedWorld.TOKEN,
                world.gitHub().apiUrl(),
                EmbeddedWorld.REPOSITORY);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        long started = System.nanoTime();
        try (ExecWatch exec = world.client()
                .pods()
                .inNamespace(EmbeddedWorld.NAMESPACE)
                .withName(pod)
                .writingOutput(said)
                .writingError(said)
                .exec("sh", "-c", "cd workspace/repo\n" + script)) {
            assertThat(exec.exitCode().get(60, TimeUnit.SECONDS))
                    .as(said.toString())
                    .isZero();
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        assertThat(world.git().tip(EmbeddedWorld.REPOSITORY, branch)).contains(checkout.head());
        return seconds;
    }

    @Test
    void aPublishAgainstAPushAndAPostByScript() throws Exception {
        SandboxCheckout checkout = world.sandbox("ratio");
        List<Double> publishes = new ArrayList<>();
        List<Double> scripts = new ArrayList<>();
        for (int n = 0; n < ROUNDS; n++) {
            checkout.checkout("main").branch("agent/published-" + n).commit("Work", "published-" + n, "1");
            long started = System.nanoTime();
            world.publish("ratio-" + n, "ratio", "");
            SessionPublish publish = end("ratio-" + n);
            publishes.add((System.nanoTime() - started) / 1e9);
            assertThat(publish.getStatus().phase())
                    .as("%s", publish.getStatus())
                    .isEqualTo(Phase.PullRequestCreated);
            checkout.checkout("main").branch("agent/scripted-" + n).commit("Work", "scripted-" + n, "1");
            scripts.add(script("ratio", checkout, "agent/scripted-" + n));
        }
        double publish = median(publishes);
        double script = median(scripts);
        tell(
                "create to terminal, median of %d: %.2f s; exec of git push and a POST by curl: %.2f s; ratio %.2f",
                ROUNDS, publish, script, publish / script);
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
