package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A POSIX shell with {@code kubectl}, in which commands of a document are run as they are written. */
record DocumentShell(ControlPlane controlPlane, Path directory, Map<String, String> variables) {
    private static final int PATIENCE_SECONDS = 180;

    /** What the commands printed on both streams; the test fails when one of them fails. */
    String run(String commands) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "output", ".txt");
        Process process = start(commands, output);
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as(commands)
                .isTrue();
        String printed = Files.readString(output);
        assertThat(process.exitValue()).as("%s\n%s", commands, printed).isZero();
        return printed;
    }

    /** Begins to run the commands, with both streams in a file. */
    Process start(String commands, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-e", "-c", commands)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("KUBECONFIG", controlPlane.kubeconfig().toString());
        environment.put("PATH", System.getProperty("controlplane.bin", "/nonexistent") + ":" + environment.get("PATH"));
        environment.putAll(variables);
        return builder.start();
    }
}
