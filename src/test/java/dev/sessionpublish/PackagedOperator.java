package dev.sessionpublish;

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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The packaged operator as a process of its own. Its log, both output streams, goes to a file. */
public final class PackagedOperator implements AutoCloseable {
    /** Starts soonest; the collector is the image's. */
    private static final List<String> OPTIONS = List.of("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern READY = Pattern.compile("(?m)\\bReady$");

    private final Process process;
    private final Path log;

    private PackagedOperator(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Returns when it is ready. */
    public static PackagedOperator start(Path log, Map<String, String> environment) throws IOException {
        PackagedOperator operator = launch(log, environment);
        operator.awaitLine(READY);
        return operator;
    }

    /**
     * Returns at once.
     *
     * @param log appended to
     * @param environment added to this process's own
     */
    public static PackagedOperator launch(Path log, Map<String, String> environment) throws IOException {
        return launch(log, environment, Path.of(System.getProperty("java.home")), OPTIONS);
    }

    /**
     * @param java the home of the Java runtime
     * @param options of the JVM
     */
    public static PackagedOperator launch(Path log, Map<String, String> environment, Path java, List<String> options)
            throws IOException {
        return launch(log, environment, java, options, List.of("-jar", jar().toString()));
    }

    /** With arguments on its command line. */
    public static PackagedOperator launch(Path log, String... arguments) throws IOException {
        List<String> program = Stream.concat(Stream.of("-jar", jar().toString()), Stream.of(arguments))
                .toList();
        return launch(log, Map.of(), Path.of(System.getProperty("java.home")), OPTIONS, program);
    }

    /** A main class of the tests instead of the jar's. */
    public static PackagedOperator launch(Path log, Map<String, String> environment, Class<?> main) throws IOException {
        return launch(log, environment, main, OPTIONS);
    }

    /** @param options of the JVM */
    public static PackagedOperator launch(
            Path log, Map<String, String> environment, Class<?> main, List<String> options) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path java = Path.of(System.getProperty("java.home"));
        return launch(log, environment, java, options, List.of("-cp", classPath, main.getName()));
    }

    private static PackagedOperator launch(
            Path log, Map<String, String> environment, Path java, List<String> options, List<String> program)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(java.resolve("bin").resolve("java").toString());
        command.addAll(options);
        command.addAll(program);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return new PackagedOperator(builder.start(), log);
    }

    /** The jar that Maven has packaged. */
    public static Path jar() {
        Path jar = Path.of(System.getProperty("operator.jar", "")).toAbsolutePath();
        assertThat(jar).as("-Doperator.jar=FILE, the packaged operator").isRegularFile();
        return jar;
    }

    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the log matches. */
    public MatchResult awaitLine(Pattern line) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
            boolean alive = process.isAlive();
            boolean found = line.matcher(log()).find();
            assertThat(found || alive).as("%s", log()).isTrue();
            return found;
        });
        return line.matcher(log()).results().findFirst().orElseThrow();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Writes to its standard input. */
    public void write(String text) throws IOException {
        process.getOutputStream().write(text.getBytes());
        process.getOutputStream().flush();
    }

    /** {@code kill -9}; returns when it has ended. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** SIGSTOP: its connections stay open, and it reads nothing. */
    public void pause() throws Exception {
        signal("STOP");
    }

    public void resume() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** SIGTERM, on which it ends in order. */
    public void terminate() {
        process.toHandle().destroy(); // Process.destroy would close its streams
    }

    public int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("%s", log())
                .isTrue();
        return process.exitValue();
    }

    /** The most memory that the process has had resident so far, in bytes; as Linux reports it. */
    public long peakMemory() throws IOException {
        return memory("VmHWM:");
    }

    /** The memory that the process has resident now, likewise. */
    public long residentMemory() throws IOException {
        return memory("VmRSS:");
    }

    /** From now on {@link #peakMemory} is about the time since; proc(5), "clear_refs". */
    public void forgetPeakMemory() throws IOException {
        Files.writeString(proc("clear_refs"), "5");
    }

    /** How many threads the process has now. */
    public int threads() throws IOException {
        return (int) statusField("Threads:");
    }

    /** The processor time that the process has used so far, in steps of 10 ms. */
    public Duration processorTime() throws IOException {
        String stat = Files.readString(proc("stat"));
        // The name, in parentheses, may hold spaces; utime and stime are fields 14 and 15, in ticks of a hundredth.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Duration.ofMillis(10 * (Long.parseLong(fields[11]) + Long.parseLong(fields[12])));
    }

    private long memory(String field) throws IOException {
        return 1024 * statusField(field);
    }

    private long statusField(String field) throws IOException {
        return Files.readAllLines(proc("status")).stream()
                .filter(line -> line.startsWith(field))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(process.pid()), file);
    }

    @Override
    public void close() {
        kill();
    }
}
