package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The packaged operator as a process, under the rights of its service account. */
final class PackagedOperator implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern READY = Pattern.compile("(?m)\\bReady$");

    private final Process process;
    private final Path log;

    private PackagedOperator(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Returns when it says that it is ready. */
    static PackagedOperator start(ControlPlaneWorld world, Map<String, String> more) throws IOException {
        PackagedOperator operator = launch(world, more);
        operator.awaitLine(READY);
        return operator;
    }

    /** Returns at once. */
    static PackagedOperator launch(ControlPlaneWorld world, Map<String, String> more) throws IOException {
        String jar = System.getProperty("operator.jar", "");
        assertThat(Path.of(jar))
                .as("-Doperator.jar=FILE, the packaged operator")
                .isRegularFile();
        Path log = Files.createTempFile(world.directory(), "operator", ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // With the collector of the image; the compiler is the one that lets it start soonest.
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", jar));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(world.environment());
        builder.environment().putAll(more);
        return new PackagedOperator(builder.start(), log);
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitLine(Pattern line) {
        await().atMost(PATIENCE).until(() -> {
            assertThat(process.isAlive()).as("%s", log()).isTrue();
            return line.matcher(log()).find();
        });
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** {@code kill -9}, and it is gone. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Stops it in its tracks: its connections stay open, and it reads nothing. */
    void pause() throws Exception {
        Lab.signal(process.toHandle(), "STOP");
    }

    void resume() throws Exception {
        Lab.signal(process.toHandle(), "CONT");
    }

    /** SIGTERM, which lets it end in order. */
    void terminate() {
        process.destroy();
    }

    int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("%s", log())
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        kill();
    }
}
