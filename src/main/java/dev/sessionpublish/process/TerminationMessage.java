package dev.sessionpublish.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sentence that Kubernetes shows as the message of the container's last state, so that {@code kubectl describe pod}
 * says why the operator ended.
 */
final class TerminationMessage {
    /** Where Kubernetes reads it by default. Outside a pod there is no such file. */
    static final Path FILE = Path.of("/dev/termination-log");

    private static final Logger LOG = LoggerFactory.getLogger(TerminationMessage.class);
    /** Kubernetes reads no more. */
    private static final int LONGEST = 4096;

    private TerminationMessage() {}

    /** Replaces the message in {@code file}. Does nothing if the file doesn't exist or isn't writable. */
    static void write(Path file, String sentence) {
        if (!Files.isRegularFile(file) || !Files.isWritable(file)) {
            return;
        }
        byte[] text = sentence.getBytes(StandardCharsets.UTF_8);
        try {
            Files.write(
                    file,
                    Arrays.copyOf(text, Math.min(text.length, LONGEST)),
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            LOG.debug("The termination message could not be written: {}", e.getMessage());
        }
    }
}
