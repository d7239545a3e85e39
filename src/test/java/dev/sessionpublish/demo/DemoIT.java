package dev.sessionpublish.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The demo as a process of its own, since its exit code is part of what it says. */
class DemoIT {
    private record Result(int exit, String output) {}

    @Test
    void tellsWhatItAnnouncedAndNothingElse() throws Exception {
        Result demo = run();

        assertThat(demo.output())
                .contains(
                        "PullRequestSucceeded  Opened pull request #1",
                        "PullRequestManual",
                        "non-fast-forward",
                        "protected-branch",
                        "All as shown")
                .doesNotContain("NOT SO", "WARN", "ERROR", "Exception", "\tat ", "\u001b");
        assertThat(demo.exit()).isZero();
    }

    @Test
    void refusesAnArgumentItDoesNotKnow() throws Exception {
        Result demo = run("--help");

        assertThat(demo.output()).contains("--keep");
        assertThat(demo.exit()).isEqualTo(2);
    }

    private static Result run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Demo.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
