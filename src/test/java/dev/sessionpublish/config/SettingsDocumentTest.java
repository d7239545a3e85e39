package dev.sessionpublish.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SettingsDocumentTest {
    private static final Path DOCUMENT = Path.of("docs", "settings.md");

    @Test
    void theSettingsDocumentSaysWhatTheDeclarationSays() throws IOException {
        String expected = document();
        if (Boolean.getBoolean("docs.write")) {
            Files.createDirectories(DOCUMENT.getParent());
            Files.writeString(DOCUMENT, expected);
        }

        assertThat(DOCUMENT)
                .as("after a change of the settings run: mvn test -Dtest=SettingsDocumentTest -Ddocs.write=true")
                .hasContent(expected);
    }

    private static String document() {
        StringBuilder text = new StringBuilder("""
                # Settings

                The operator is configured by environment variables. A variable that is absent or blank means its default. Durations
                are written as ISO 8601 writes them (`PT30S`, `PT15M`, `PT1H`). The operator does not start with a value it can't use or
                a `SESSION_PUBLISH_` variable it doesn't know: it says which and what it expected, and ends with exit code 2.

                The cluster is found as by kubectl: the file that `KUBECONFIG` names, else the pod's service account.

                Forges are reached through the proxy that `HTTPS_PROXY` names, if it does: `http://HOST:PORT`, with `USER:PASSWORD@`
                before the host if the proxy asks for it. It has to let CONNECT through to them, and sees no more than their names:
                their certificates are checked as ever. `NO_PROXY` lists what is reached without it, separated by commas: a name (with
                all below it), `.name` or `*.name` (only what is below it), an IP address, a range such as `10.0.0.0/8`, each but the range with
                `:PORT` if you like, or `*`. In their absence `https_proxy` and `no_proxy` count. The client of the Kubernetes API reads
                these variables too: list the API server's address, `KUBERNETES_SERVICE_HOST`, in `NO_PROXY`.

                The variables that begin with `OTEL_`, as OpenTelemetry's specification names them, switch [traces](tracing.md) on.

                | variable | default | form | meaning |
                |---|---|---|---|
                """);
        for (Setting<?> each : Settings.ALL) {
            String unset = each.defaultValue().isEmpty() ? "none" : "`" + each.defaultValue() + "`";
            text.append("| `%s` | %s | %s, such as `%s` | %s |%n"
                    .formatted(
                            each.variable(),
                            unset,
                            each.form().expected(),
                            each.form().example(),
                            each.meaning()));
        }
        return text.toString().replace("\r\n", "\n");
    }
}
