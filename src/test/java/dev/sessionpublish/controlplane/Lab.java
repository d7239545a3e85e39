package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The programs of the control plane, as far as tests may stop them: {@code controlplane.dir} holds a file NAME.pid for
 * each, and {@code controlplane.up} starts what is not running.
 */
final class Lab {
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
        signal(program, "STOP");
    }

    void resume(String program) throws Exception {
        signal(program, "CONT");
    }

    /** Starts what is not running; returns when all is up. */
    void up() throws Exception {
        assertThat(up).as("-Dcontrolplane.up=PROGRAM").isExecutable();
        run(up.toString(), directory.toString());
    }

    private void signal(String program, String name) throws Exception {
        run("kill", "-" + name, String.valueOf(process(program).pid()));
    }

    private ProcessHandle process(String program) throws IOException {
        String pid =
                Files.readString(directory.resolve(program + ".pid")).strip().split(" ", 2)[0];
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private void run(String... command) throws Exception {
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
