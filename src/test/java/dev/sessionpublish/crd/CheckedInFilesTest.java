package dev.sessionpublish.crd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The files in crds/ and docs/reference.md must match the records. {@code -Dcrds.write=true} regenerates them. */
class CheckedInFilesTest {
    static final String REGENERATE = "mvn -q test -Dtest=CheckedInFilesTest -Dcrds.write=true";
    private static final Path PROJECT = Path.of(System.getProperty("basedir", ""));

    @Test
    void theCheckedInFilesAreWhatTheRecordsSay() throws IOException {
        for (Map.Entry<Path, String> file : CrdGenerator.files().entrySet()) {
            Path checkedIn = PROJECT.resolve(file.getKey());
            if (Boolean.getBoolean("crds.write")) {
                Files.createDirectories(checkedIn.getParent());
                Files.writeString(checkedIn, file.getValue());
            }
            assertThat(checkedIn)
                    .as("%s differs from the records; regenerate it with: %s", file.getKey(), REGENERATE)
                    .exists()
                    .content()
                    .isEqualTo(file.getValue());
        }
    }
}
