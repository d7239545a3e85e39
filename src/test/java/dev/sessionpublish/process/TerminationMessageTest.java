package dev.sessionpublish.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerminationMessageTest {
    @TempDir
    private Path directory;

    @Test
    void theMessageReplacesTheLastOne() throws Exception {
        Path file = Files.writeString(directory.resolve("termination-log"), "a longer message than the next");

        TerminationMessage.write(file, "The port is taken.");

        assertThat(file).hasContent("The port is taken.");
    }

    @Test
    void itIsNoLongerThanWhatKubernetesReads() throws Exception {
        Path file = Files.createFile(directory.resolve("termination-log"));

        TerminationMessage.write(file, "x".repeat(5000));

        assertThat(file).hasSize(4096);
    }

    @Test
    void outsideAPodNothingIsWritten() {
        Path absent = directory.resolve("termination-log");

        TerminationMessage.write(absent, "The port is taken.");
        TerminationMessage.write(directory, "The port is taken.");

        assertThat(absent).doesNotExist();
        assertThat(directory).isEmptyDirectory();
    }
}
