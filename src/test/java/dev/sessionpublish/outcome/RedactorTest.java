package dev.sessionpublish.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
    private static final String TOKEN = "ghp_a+b/c=d%e~f äß";

    @ParameterizedTest
    @ValueSource(strings = {TOKEN, "ghp_0123456789abcdefABCDEF", "s3cr", "p@ss wörd", "abcdefgh", "100%%x%4z"})
    void eachFormOfASecretGoes(String secret) {
        Redactor redactor = new Redactor(List.of(secret));
        String form = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        StringBuilder all = new StringBuilder();
        for (byte b : secret.getBytes(StandardCharsets.UTF_8)) {
            all.append(String.format("%%%02X", b));
        }
        List<String> written = List.of(
                secret,
                form,
                form.replace("+", "%20"),
                form.toLowerCase(Locale.ROOT).equals(form) ? form : lowerHex(form),
                all.toString(),
                all.toString().toLowerCase(Locale.ROOT),
                all.toString().replace("%", "%25"),
                base64(Base64.getEncoder(), "x-access-token:" + secret),
                base64(Base64.getUrlEncoder(), "x-access-token:" + secret),
                base64(Base64.getEncoder().withoutPadding(), "x-access-token:" + secret),
                base64(Base64.getUrlEncoder().withoutPadding(), ":" + secret),
                base64(Base64.getEncoder(), secret));

        for (String each : written) {
            assertThat(redactor.redact("before " + each + " after")).as(each).isEqualTo("before [redacted] after");
            assertThat(redactor.redact("(" + each + ")")).as(each).isEqualTo("([redacted])");
        }
    }

    @Test
    void base64WithAnyUserBeforeAndAnythingAfterGoes() {
        String secret = "ghp_0123456789abcdef";
        Redactor redactor = new Redactor(List.of(secret));
        for (String before : new String[] {"", "u:", "me:", "bot:", "some.one:"}) {
            for (String after : new String[] {"", "1", "22", "333", ":"}) {
                String encoded = base64(Base64.getEncoder(), before + secret + after);
                assertThat(redactor.redact("Authorization: Basic " + encoded + "\r\n"))
                        .isEqualTo("Authorization: Basic [redacted]\r\n");
            }
        }
    }

    @Test
    void aRemoteUrlKeepsWhatIsNoSecret() {
        assertThat(new Redactor(List.of("tok-123")).redact("https://x-access-token:tok-123@github.com/o/r.git"))
                .isEqualTo("https://x-access-token:[redacted]@github.com/o/r.git");
    }

    @Test
    void whiteSpaceAroundASecretIsNoPartOfIt() {
        assertThat(new Redactor(List.of(" tok-123\r\n")).redact("<tok-123>")).isEqualTo("<[redacted]>");
    }

    @Test
    void eachLineOfAPrivateKeyGoes() {
        String key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAxyz+/0123456789\nQWxhZGRpbjpvcGVu+c2VzYW1l\n";
        Redactor redactor = new Redactor(List.of(key));

        assertThat(redactor.redact("bad key: QWxhZGRpbjpvcGVu+c2VzYW1l!")).isEqualTo("bad key: [redacted]!");
        assertThat(redactor.redact(key)).doesNotContain("MII", "QWx");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "e", "abc", "\n"})
    void aSecretTooShortToBeOneDestroysNothing(String secret) {
        assertThat(new Redactor(List.of(secret)).redact("the message abc is readable"))
                .isEqualTo("the message abc is readable");
    }

    @Test
    void overlappingSecretsLeaveNoRest() {
        assertThat(new Redactor(List.of("abcdef", "cdefgh", "abcdefghij")).redact("x abcdefgh y abcdefghij z"))
                .isEqualTo("x [redacted] y [redacted] z");
        assertThat(new Redactor(List.of("abab")).redact("-ababab-")).isEqualTo("-[redacted]-");
    }

    @Test
    void otherTextStays() {
        String text = "refs/heads/session/fix-a1b2 -> 0123456789abcdef (100% [new branch])";
        assertThat(Redactor.NONE.redact(text)).isEqualTo(text);
        assertThat(new Redactor(List.of(TOKEN)).redact(text)).isEqualTo(text);
    }

    @Test
    void noFormOfASecretSurvivesInRandomSurroundings() {
        Random random = new Random(7);
        HostileText.texts(2, 2_000).forEach(around -> {
            String secret = "gh" + Long.toString(random.nextLong() & Long.MAX_VALUE, 36) + "x%+/";
            String encoded = base64(Base64.getEncoder(), "x-access-token:" + secret);
            String text =
                    around + secret + around + encoded + around + URLEncoder.encode(secret, StandardCharsets.UTF_8);

            String redacted = new Redactor(List.of(secret)).redact(text);

            assertThat(redacted).doesNotContain(secret).doesNotContain(encoded.substring(20, encoded.length() - 4));
            assertThat(redacted).doesNotContain(secret.substring(0, 8));
        });
    }

    private static String lowerHex(String form) {
        return java.util.regex.Pattern.compile("%[0-9A-F]{2}").matcher(form).replaceAll(hex -> hex.group()
                .toLowerCase(Locale.ROOT));
    }

    private static String base64(Base64.Encoder encoder, String text) {
        return encoder.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aVeryLongSecretIsRedactedInParts() {
        String secret = "0123456789abcdef".repeat(1 << 10) + "end";
        Redactor redactor = new Redactor(List.of(secret));
        assertThat(redactor.redact("a " + secret + " b")).isEqualTo("a [redacted] b");
    }

    @Test
    void secretsThatChangeAndThoseOfOthersAreRedacted() {
        AtomicReference<Redactor> now = new AtomicReference<>(new Redactor(List.of("first-secret")));
        Redactor current = Redactor.both(Redactor.current(now::get), new Redactor(List.of("fixed-secret")));
        assertThat(current.redact("first-secret fixed-secret next-secret"))
                .isEqualTo("[redacted] [redacted] next-secret");
        now.set(new Redactor(List.of("next-secret")));
        assertThat(current.redact("first-secret fixed-secret next-secret"))
                .isEqualTo("first-secret [redacted] [redacted]");
    }
}
