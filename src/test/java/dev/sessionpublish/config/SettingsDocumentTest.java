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
                .as("docs/settings.md is generated: mvn test -Dtest=SettingsDocumentTest -Ddocs.write=true")
                .hasContent(expected);
    }

    private static String document() {
        StringBuilder text = new StringBuilder("""
                # Settings

                The operator is configured by environment variables. An absent or blank variable has its default value. Durations are in
                ISO 8601 format (`PT30S`, `PT15M`, `PT1H`). The operator exits with code 2 if a value is invalid or a `SESSION_PUBLISH_`
                variable is unknown, and logs the variable and the expected value.

                Values are UTF-8. The JVM reads them with the encoding of the process's locale: the operator exits with code 2 if that
                isn't UTF-8 and a value has other characters than ASCII. Set `LC_ALL` to `C.UTF-8`; the images and the chart do.

                The operator finds the cluster as kubectl does: with the file that `KUBECONFIG` names, or `~/.kube/config`, otherwise with
                the pod's service account. It exits with code 2, and logs what is wrong, if the file doesn't exist, can't be read or has no
                usable current context, or if there is neither a file nor a service account.

                `HTTPS_PROXY` sets the proxy for connections to forges: `http://HOST:PORT`, or `http://USER:PASSWORD@HOST:PORT` if the
                proxy requires authentication. The proxy must allow CONNECT to the forges. TLS is end to end, so the proxy sees only
                their host names. `NO_PROXY` lists the hosts to connect to directly, separated by commas: a name (with its subdomains),
                `.name` or `*.name` (only its subdomains), an IP address, a range such as `10.0.0.0/8`, or `*`. A name or an address may
                end in `:PORT`. `https_proxy` and `no_proxy` are used if the upper-case variables are absent. The client of the
                Kubernetes API also reads these variables: add the API server's address, `KUBERNETES_SERVICE_HOST`, to `NO_PROXY`.

                The `OTEL_` variables of OpenTelemetry's specification enable [tracing](tracing.md).

                | Variable | Default | Value | Description |
                |---|---|---|---|
                """);
        for (Setting<?> each : Settings.ALL) {
            String unset = each.defaultValue().isEmpty() ? "none" : "`" + each.defaultValue() + "`";
            text.append("| `%s` | %s | %s, for example `%s` | %s |%n"
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
