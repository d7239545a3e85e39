package dev.sessionpublish.gitea;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GiteaSettingsTest {
    private static final String TOKEN = "0123abcd";

    @Test
    void urlAndTokenAreEnough() {
        GiteaSettings settings = from(Map.of("FORGE_URL", "https://git.example.com/", "FORGE_TOKEN", TOKEN));

        assertThat(settings.url()).isEqualTo(URI.create("https://git.example.com"));
        assertThat(settings.api()).isEqualTo(URI.create("https://git.example.com/api/v1"));
        assertThat(settings.ca()).isEmpty();
        assertThat(settings.toString()).doesNotContain(TOKEN);
    }

    @Test
    void apiAndCaAreTakenWhereTheyAreNamed(@TempDir Path directory) throws Exception {
        Path ca = Files.writeString(directory.resolve("ca.pem"), "PEM");

        GiteaSettings settings = from(Map.of(
                "FORGE_URL",
                "https://git.example.com:3000",
                "FORGE_API",
                "https://api.example.com/v1",
                "FORGE_CA",
                ca.toString(),
                "FORGE_TOKEN",
                TOKEN));

        assertThat(settings.api()).isEqualTo(URI.create("https://api.example.com/v1"));
        assertThat(settings.ca()).contains(ca);
    }

    @Test
    void allThatIsMissingIsNamedAtOnce() {
        assertThatThrownBy(() -> from(Map.of("FORGE_TOKEN", " ")))
                .hasMessageContainingAll("Set FORGE_URL to", "and FORGE_TOKEN to", "FORGE_API", "FORGE_CA");
        assertThatThrownBy(() -> from(Map.of("FORGE_URL", "https://git.example.com")))
                .hasMessageContaining("Set FORGE_TOKEN to")
                .hasMessageNotContaining("Set FORGE_URL");
    }

    @Test
    void plainHttpAndACredentialInTheUrlAreRefused() {
        for (String url : new String[] {"http://git.example.com", "https://me:" + TOKEN + "@git.example.com", "a b"}) {
            assertThatThrownBy(() -> from(Map.of("FORGE_URL", url, "FORGE_TOKEN", TOKEN)))
                    .hasMessage("FORGE_URL is to be an https URL without a user.");
        }
    }

    @Test
    void aCaThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> from(Map.of(
                        "FORGE_URL", "https://git.example.com", "FORGE_TOKEN", TOKEN, "FORGE_CA", "/nowhere/ca.pem")))
                .hasMessageContaining("FORGE_CA")
                .hasMessageContaining("/nowhere/ca.pem");
    }

    private static GiteaSettings from(Map<String, String> environment) {
        return GiteaSettings.from(environment::get);
    }
}
