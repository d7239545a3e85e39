package dev.sessionpublish.demo;

import dev.sessionpublish.OperatorInProcess;
import dev.sessionpublish.embedded.EmbeddedCluster;
import dev.sessionpublish.embedded.RealGit;
import dev.sessionpublish.embedded.SandboxCheckout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the demo plays in: an embedded cluster with the operator at work, below one directory that goes with it. */
final class DemoWorld implements AutoCloseable {
    private final Path directory;
    private final DemoForge forge;
    private final EmbeddedCluster cluster;
    private final OperatorInProcess operator;

    private DemoWorld(Path directory, DemoForge forge, EmbeddedCluster cluster, OperatorInProcess operator) {
        this.directory = directory;
        this.forge = forge;
        this.cluster = cluster;
        this.operator = operator;
    }

    /** @param forge stays the caller's to close */
    static DemoWorld start(Path directory, DemoForge forge) throws IOException {
        EmbeddedCluster cluster = EmbeddedCluster.in(directory.resolve("cluster"))
                .crds(Path.of("crds"))
                .start();
        Path forges = Files.writeString(directory.resolve("forges.yaml"), forge.entry());
        var environment = Map.of(
                "SESSION_PUBLISH_FORGES",
                forges.toString(),
                "SESSION_PUBLISH_PROBE_PORT",
                "0",
                "SESSION_PUBLISH_METRICS_PORT",
                "0",
                "SESSION_PUBLISH_RETRY_INITIAL",
                "PT1S",
                "SESSION_PUBLISH_RETRY_MAX",
                "PT2S");
        return new DemoWorld(directory, forge, cluster, OperatorInProcess.start(cluster.config(), environment));
    }

    /** Where the operator logs to, and all else of this process. */
    static Path logIn(Path directory) {
        return directory.resolve("operator.log");
    }

    DemoForge forge() {
        return forge;
    }

    EmbeddedCluster cluster() {
        return cluster;
    }

    Path log() {
        return logIn(directory);
    }

    Path podRoot() {
        return directory.resolve("sandboxes").resolve("s1");
    }

    Path checkoutDirectory() {
        return podRoot().resolve("workspace").resolve("repo");
    }

    SandboxCheckout checkout() {
        return SandboxCheckout.at(checkoutDirectory());
    }

    /** Runs a pod that was applied. */
    void runPod(String name) throws IOException {
        Files.createDirectories(podRoot().resolve("workspace"));
        cluster.runPod(Kubectl.NAMESPACE, name, podRoot());
    }

    /**
     * Runs the quickstart's script in the pod's directory, with the environment of a program in the pod.
     *
     * @return what it printed
     */
    String playAgent(Path script) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        "sh",
                        script.toAbsolutePath().toString(),
                        forge.cloneUrl(),
                        checkoutDirectory().toString())
                .directory(podRoot().toFile())
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(RealGit.in(podRoot()).environment());
        builder.environment().putAll(forge.cloneEnvironment());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("The agent's script has failed: " + output);
        }
        return output;
    }

    /** Whether any file below the pod's root holds one of these texts. */
    boolean sandboxHolds(List<String> texts) throws IOException {
        try (Stream<Path> files = Files.walk(podRoot())) {
            return files.filter(Files::isRegularFile).anyMatch(file -> {
                try {
                    String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                    return texts.stream().anyMatch(content::contains);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    @Override
    public void close() {
        operator.close();
        cluster.close();
    }

    /** Deletes what can be; what can't is left in the directory for temporary files. */
    static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            // As said: it is left.
        }
    }
}
