package dev.sessionpublish.forge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sessionpublish.embedded.AppKeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AppKeyTest {
    private static final AppKeyPair PAIR = AppKeyPair.generate();

    static Stream<String> files() {
        String pkcs1 = PAIR.pkcs1();
        return Stream.of(
                pkcs1,
                PAIR.pkcs8(),
                pkcs1.replace("\n", "\r\n"),
                "\n\t " + pkcs1.indent(4) + "\n\n",
                "Key of the App\n" + pkcs1 + PAIR.pkcs8(),
                pkcs1.replaceAll("(?<!-)\n(?!-)", ""),
                pkcs1.strip());
    }

    @ParameterizedTest
    @MethodSource("files")
    void aKeyIsReadAsGitHubAndOpensslWriteIt(String file) throws Exception {
        AppKey key = AppKey.of("1234567", file, Optional.empty());

        assertThat(key.privateKey().getEncoded())
                .isEqualTo(PAIR.pair().getPrivate().getEncoded());
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(PAIR.publicKey().getEncoded());
        assertThat(key.fingerprint()).isEqualTo("SHA256:" + Base64.getEncoder().encodeToString(digest));
    }

    @Test
    void nothingShowsTheKey() throws Exception {
        AppKey key = AppKey.of("1234567", PAIR.pkcs1(), Optional.of("98"));

        assertThat(key.toString()).isEqualTo("App 1234567, key " + key.fingerprint());
        assertThat(key.redactor().redact("a\n" + PAIR.pkcs1())).doesNotContain(PAIR.aLine());
        assertThat(key.redactor().redact("a " + PAIR.aLine())).isEqualTo("a [redacted]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1234567", "Iv1.8a61f9b3a7aba766", "Iv23liAbCdEfGhIjKlMn"})
    void anAppIdOrAClientIdIsTaken(String id) throws Exception {
        assertThat(AppKey.of(id, PAIR.pkcs1(), Optional.empty()).appId()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "my-app", "12 34", "1\"}", "Iv", "12345678901234567890123"})
    void anythingElseIsNone(String id) {
        assertThat(refusal(id, PAIR.pkcs1(), Optional.empty())).startsWith("The key app-id is neither an App ID");
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme", "0", "1.5", "https://github.com/settings/installations/1"})
    void anInstallationIsANumber(String id) {
        assertThat(refusal("1", PAIR.pkcs1(), Optional.of(id))).startsWith("The key installation-id is not a number");
    }

    @Test
    void whatIsNoKeyForRs256IsRefusedByName() throws Exception {
        KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
        byte[] elliptic = ec.generateKeyPair().getPrivate().getEncoded();
        String pkcs1 = PAIR.pkcs1();

        assertThat(problem("ghp_token")).isEqualTo("is not a PEM file");
        assertThat(problem(pkcs1.substring(0, 900))).isEqualTo("is cut off: its END line is missing");
        assertThat(problem(AppKeyPair.pem("PRIVATE KEY", elliptic))).isEqualTo("is damaged, or not an RSA key");
        assertThat(problem(AppKeyPair.pem("EC PRIVATE KEY", elliptic))).isEqualTo("is of the kind EC PRIVATE KEY");
        assertThat(problem(AppKeyPair.pem("OPENSSH PRIVATE KEY", elliptic)))
                .isEqualTo("is of the kind OPENSSH PRIVATE KEY");
        assertThat(problem(AppKeyPair.pem("ENCRYPTED PRIVATE KEY", elliptic)))
                .isEqualTo("is encrypted with a passphrase");
        assertThat(problem(pkcs1.replace(
                        "KEY-----\nMII", "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nMII")))
                .isEqualTo("is encrypted with a passphrase");
        assertThat(problem(pkcs1.replace(PAIR.aLine(), "?".repeat(64))))
                .isEqualTo("has characters that are not base64");
        assertThat(problem(pkcs1.replace(PAIR.aLine() + "\n", ""))).isEqualTo("is damaged, or not an RSA key");
        assertThat(problem(AppKeyPair.pem("RSA PRIVATE KEY", new byte[0]))).isEqualTo("is damaged, or not an RSA key");
        assertThat(problem(AppKeyPair.pem("RSA PRIVATE KEY", new byte[10_000])))
                .isEqualTo("is damaged, or not an RSA key");
        assertThat(problem(AppKeyPair.pem("RSA PRIVATE KEY", new byte[70_000]))).isEqualTo("is longer than any key");
    }

    private static String problem(String file) {
        String refusal = refusal("1", file, Optional.empty());
        assertThat(refusal).startsWith("The key private-key ").doesNotContain(PAIR.aLine());
        return refusal.substring("The key private-key ".length(), refusal.indexOf(". Store the .pem file"));
    }

    private static String refusal(String appId, String file, Optional<String> installation) {
        return catchThrowableOfType(AppKey.InvalidKeyException.class, () -> AppKey.of(appId, file, installation))
                .getMessage();
    }
}
