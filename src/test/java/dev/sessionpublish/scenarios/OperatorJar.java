package dev.sessionpublish.scenarios;

import dev.sessionpublish.embedded.EmbeddedWorld;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged operator as a process of its own, which can be killed. Its log goes to a file. */
final class OperatorJar implements AutoCloseable {
    private final Process process;
    private final Path log;

    private OperatorJar(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Quick to start. */
    static OperatorJar start(EmbeddedWorld world, Path log, Map<String, String> settings) throws IOException {
        return start(world, log, settings, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto");
    }

    static OperatorJar start(EmbeddedWorld world, Path log, Map<String, String> settings, String... options)
            throws IOException {
        List<String> limited = new ArrayList<>(List.of(options));
        limited.add(0, "-Xmx160m");
        return start(world, log, settings, Path.of(System.getProperty("java.home")), limited);
    }

    /** @param java the home of the Java that runs it */
    static OperatorJar start(
            EmbeddedWorld world, Path log, Map<String, String> settings, Path java, List<String> options)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(java.resolve("bin").resolve("java").toString());
        command.addAll(options);
        command.add("-jar");
        command.add(System.getProperty("operator.jar"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("KUBECONFIG", world.cluster().kubeconfig().toString());
        builder.environment().putAll(world.environment());
        builder.environment().putAll(settings);
        return new OperatorJar(builder.start(), log);
    }

    /** The most memory that the process has had resident so far, in bytes; as Linux tells it. */
    long peakMemory() throws IOException {
        return memory("VmHWM:");
    }

    /** The memory that the process has resident now, likewise. */
    long residentMemory() throws IOException {
        return memory("VmRSS:");
    }

    private long memory(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith(field))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    /** kill -9 */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** SIGTERM */
    void terminate() {
        process.toHandle().destroy();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the operator still runs: " + log());
        }
        return process.exitValue();
    }

    String log() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
