package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The programs of the control plane, as far as tests may stop them: {@code controlplane.dir} holds a file NAME.pid for
 * each, and {@code controlplane.up} starts what is not running.
 */
final class ControlPlaneProcesses {
    private static final Pattern REVISION = Pattern.compile("\"revision\" *: *\"([0-9]+)\"");
    private static final Pattern ETCD_PORT = Pattern.compile("(?m)\\bETCD_PORT=([0-9]+)$");

    private final Path directory = Path.of(System.getProperty("controlplane.dir", ""));
    private final Path up = Path.of(System.getProperty("controlplane.up", ""));

    /** {@code kill -9}, and it is gone. */
    void kill(String program) throws Exception {
        ProcessHandle process = process(program);
        process.destroyForcibly();
        process.onExit().get(30, TimeUnit.SECONDS);
    }

    /** Stops it in its tracks: connections stay open, and nothing is answered. */
    void pause(String program) throws Exception {
        signal(process(program), "STOP");
    }

    void resume(String program) throws Exception {
        signal(process(program), "CONT");
    }

    /** Makes etcd forget all versions but the present ones; {@code ports} tells where it is. */
    void compact() throws Exception {
        String present = etcd("/v3/kv/range", "{\"key\": \"YQ==\"}");
        Matcher revision = REVISION.matcher(present);
        assertThat(revision.find()).as("%s", present).isTrue();
        etcd("/v3/kv/compaction", "{\"revision\": %s, \"physical\": true}".formatted(revision.group(1)));
    }

    private String etcd(String path, String question) throws Exception {
        Matcher port = ETCD_PORT.matcher(Files.readString(directory.resolve("ports")));
        assertThat(port.find()).isTrue();
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.group(1) + path))
                                .POST(HttpRequest.BodyPublishers.ofString(question))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as("%s", answer.body()).isEqualTo(200);
        return answer.body();
    }

    /** Starts what is not running; returns when all is up. */
    void up() throws Exception {
        assertThat(up).as("-Dcontrolplane.up=PROGRAM").isExecutable();
        run(up.toString(), directory.toString());
    }

    /** @param name as kill takes it, such as STOP */
    private static void signal(ProcessHandle process, String name) throws Exception {
        run("kill", "-" + name, String.valueOf(process.pid()));
    }

    private ProcessHandle process(String program) throws IOException {
        String pid =
                Files.readString(directory.resolve(program + ".pid")).strip().split(" ", 2)[0];
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private static void run(String... command) throws Exception {
        Path output = Files.createTempFile("lab", ".out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("%s", Files.readString(output)).isZero();
        Files.delete(output);
    }
}
