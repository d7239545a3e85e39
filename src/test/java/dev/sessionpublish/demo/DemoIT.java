package dev.sessionpublish.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoIT {
    private static final Path PICTURE = Path.of("docs", "images", "demo.svg");

    @Test
    void tellsWhatItAnnouncedAndNothingElse() throws Exception {
        DemoProcess demo = DemoProcess.run(Map.of());

        assertThat(demo.output())
                .contains(
                        "PullRequestSucceeded  Opened pull request #1",
                        "PullRequestManual",
                        "non-fast-forward",
                        "protected-branch",
                        "All as shown")
                .doesNotContain("NOT SO", "WARN", "ERROR", "Exception", "\tat ", "\u001b");
        assertThat(demo.exit()).isZero();
        assertPicture(DemoPicture.of(demo.output()));
    }

    /** The picture in the README shows what the demo prints. */
    private static void assertPicture(String drawn) throws IOException {
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(PICTURE, drawn);
        }
        assertThat(PICTURE)
                .as("after a change of what the demo prints: mvn verify -Dit.test=DemoIT -Ddocs.write=true")
                .hasContent(drawn);
    }

    @Test
    void refusesAnArgumentItDoesNotKnow() throws Exception {
        DemoProcess demo = DemoProcess.run(Map.of(), "--help");

        assertThat(demo.output()).contains("--keep", "--forge gitea");
        assertThat(demo.exit()).isEqualTo(2);
    }

    @Test
    void saysWhatToSetWhenNoGiteaIsNamed() throws Exception {
        DemoProcess demo = DemoProcess.run(Map.of(), "--forge", "gitea");

        assertThat(demo.output())
                .contains("needs a running Gitea", "FORGE_URL", "FORGE_TOKEN", "FORGE_CA")
                .doesNotContain("Exception");
        assertThat(demo.exit()).isEqualTo(2);
    }

    @Test
    void aGiteaThatIsNotThereIsToldInASentence() throws Exception {
        DemoProcess demo = DemoProcess.run(
                Map.of("FORGE_URL", "https://127.0.0.1:1", "FORGE_TOKEN", "not-to-be-shown"), "--forge", "gitea");

        assertThat(demo.output())
                .contains("The demo could not go on", "127.0.0.1:1")
                .doesNotContain("not-to-be-shown", "\tat ");
        assertThat(demo.exit()).isEqualTo(1);
    }
}
