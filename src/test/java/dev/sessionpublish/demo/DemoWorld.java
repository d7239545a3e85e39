package dev.sessionpublish.demo;

import dev.sessionpublish.OperatorInProcess;
import dev.sessionpublish.embedded.Access.Permission;
import dev.sessionpublish.embedded.EmbeddedWorld;
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

/** What the demo plays in: the embedded default with the operator at work, below one directory that goes with it. */
final class DemoWorld implements AutoCloseable {
    /** Only for pushing, in the scene that hands over. */
    static final String PUSH_TOKEN = "ghp_push0nly+5Tk/2v=H8sQw3Ze6Rb1Xc4Yd7Lp";

    private final Path directory;
    private final EmbeddedWorld world;
    private final OperatorInProcess operator;

    private DemoWorld(Path directory, EmbeddedWorld world, OperatorInProcess operator) {
        this.directory = directory;
        this.world = world;
        this.operator = operator;
    }

    static DemoWorld start(Path directory) throws IOException {
        OperatorInProcess.logTo(directory.resolve("operator.log"));
        EmbeddedWorld world = EmbeddedWorld.start(directory);
        world.git().token(PUSH_TOKEN, Map.of(EmbeddedWorld.REPOSITORY, Permission.WRITE));
        return new DemoWorld(
                directory, world, OperatorInProcess.start(world.cluster().config(), world.environment()));
    }

    EmbeddedWorld embedded() {
        return world;
    }

    String repositoryUrl() {
        return world.git().url(EmbeddedWorld.REPOSITORY);
    }

    Path log() {
        return directory.resolve("operator.log");
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
        world.cluster().runPod(Kubectl.NAMESPACE, name, podRoot());
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
                        world.git().repository(EmbeddedWorld.REPOSITORY).toUri().toString(),
                        checkoutDirectory().toString())
                .directory(podRoot().toFile())
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(RealGit.in(podRoot()).environment());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("The agent's script has failed: " + output);
        }
        return output;
    }

    /** One commit more on a branch at the remote, by somebody else. */
    void humanPushes(String branch, String message) {
        RealGit git = world.git().git(EmbeddedWorld.REPOSITORY);
        git.run(
                "update-ref",
                "refs/heads/" + branch,
                git.run("commit-tree", "-m", message, "-p", branch, branch + "^{tree}"));
    }

    /** {@code git log --oneline} at the remote, newest first. */
    String remoteLog(String range) {
        return world.git().git(EmbeddedWorld.REPOSITORY).run("log", "--format=%h %s (%an)", range);
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
    public void close() throws IOException {
        operator.close();
        world.close();
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
