package dev.sessionpublish.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.SandboxCheckout;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image as a container runs it, without a container engine: its own file system as the root, read-only but for /tmp,
 * its entrypoint, its user. It needs root, to change the root; libraries that a base brings along are the host's.
 */
@Tag("image")
@Timeout(180)
class ImageRunIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern PORTS = Pattern.compile("probes on port (\\d+) and metrics on port (\\d+)");

    /** The mounts are those of the process alone and go with it. */
    private static final String CONTAINER = """
            set -e
            root=$1 shared=$2 user=$3
            shift 3
            mount --bind "$root" "$root"
            mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
            mount --rbind /proc "$root/proc"
            mount --rbind /dev "$root/dev"
            mkdir -p "$root$shared"
            mount --bind "$shared" "$root$shared"
            mount -o remount,bind,ro "$root"
            exec chroot --userspec="$user" "$root" "$@"
            """;

    @TempDir
    private Path directory;

    private Process operator;

    @Test
    void withItsOwnFilesAloneItPublishesAndEndsInOrder() throws Exception {
        OperatorImage image =
                OperatorImage.unpack(Path.of(System.getProperty(OperatorImage.TAR, "")), directory.resolve("image"));
        image.addLibrariesOfTheBase();
        Path shared = Files.createDirectory(directory.resolve("shared"));
        try (EmbeddedWorld world = EmbeddedWorld.start(shared)) {
            run(image, shared, world.environment());
            Matcher ports = ports();
            await().atMost(PATIENCE).until(() -> get(ports.group(1), "/readyz").statusCode() == 200);

            world.registerProject();
            SandboxCheckout checkout = world.sandbox("s7").branch("agent/fix").commit("Fix", "fix.txt", "fixed");
            world.publish("fix", "s7", "");

            SessionPublish fix = world.awaitEnd("fix");
            assertThat(fix.getStatus().phase()).as("%s", fix.getStatus()).isEqualTo(Phase.PullRequestCreated);
            assertThat(world.git().tip(EmbeddedWorld.REPOSITORY, "agent/fix")).contains(checkout.head());
            assertThat(get(ports.group(2), "/metrics").body())
                    .contains("process_cpu_usage", "process_files_open_files", "jvm_memory_used_bytes");
            operator.toHandle().destroy();
            assertThat(operator.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("%s", log())
                    .isTrue();
            assertThat(operator.exitValue()).as("%s", log()).isZero();
            assertThat(log()).doesNotContain("\tat ", "NoClassDefFoundError", " ERROR ");
        } finally {
            if (operator != null) {
                operator.destroyForcibly();
            }
        }
    }

    private void run(OperatorImage image, Path shared, Map<String, String> settings) throws IOException {
        for (String mountPoint : List.of("/tmp", "/proc", "/dev", "/etc")) {
            Files.createDirectories(image.file(mountPoint));
        }
        // What every engine writes.
        Files.writeString(image.file("/etc/hosts"), "127.0.0.1 localhost\n");
        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", CONTAINER, "sh"));
        command.add(image.root().toString());
        command.add(shared.toString());
        command.add(image.config().at("/config/User").asText());
        command.addAll(image.entrypoint());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("operator.log").toFile());
        String path = builder.environment().get("PATH");
        builder.environment().clear();
        builder.environment().put("PATH", path);
        builder.environment().putAll(image.environment());
        builder.environment().putAll(settings);
        operator = builder.start();
    }

    private Matcher ports() {
        Matcher[] ports = new Matcher[1];
        await().atMost(PATIENCE).until(() -> {
            assertThat(operator.isAlive()).as("%s", log()).isTrue();
            ports[0] = PORTS.matcher(log());
            return ports[0].find();
        });
        return ports[0];
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("operator.log"));
    }

    private static HttpResponse<String> get(String port, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                                .build(),
                        BodyHandlers.ofString());
    }
}
