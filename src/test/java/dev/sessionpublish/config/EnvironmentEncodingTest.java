package dev.sessionpublish.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentEncodingTest {
    @Test
    void everyCharacterArrivesInAUtf8Locale() {
        assertThatCode(() -> EnvironmentEncoding.check(
                        Map.of("SESSION_PUBLISH_COMMIT_AUTHOR_NAME", "Añadir 漢字 😀"), StandardCharsets.UTF_8))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"US-ASCII", "ISO-8859-1", "UTF-8"})
    void asciiArrivesInEachLocale(String locale) {
        assertThatCode(() ->
                        EnvironmentEncoding.check(Map.of("SESSION_PUBLISH_MAX_PACK", "2GiB"), Charset.forName(locale)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "US-ASCII, A\uFFFD\uFFFDadir, 'the locale''s encoding is US-ASCII'",
        "ISO-8859-1, AÃ±adir, 'the locale''s encoding is ISO-8859-1'",
        "UTF-8, A\uFFFDadir, 'isn''t UTF-8 or contains U+FFFD'"
    })
    void aValueThatIsNotWhatWasWrittenIsRefusedWithItsVariable(String locale, String value, String reason) {
        for (String name : new String[] {
            "SESSION_PUBLISH_COMMIT_AUTHOR_NAME",
            "SESSION_PUBLISH_FORGES",
            "KUBECONFIG",
            "https_proxy",
            "OTEL_RESOURCE_ATTRIBUTES"
        }) {
            assertThatThrownBy(() -> EnvironmentEncoding.check(Map.of(name, value), Charset.forName(locale)))
                    .isInstanceOf(InvalidConfigurationException.class)
                    .hasMessageContaining(name + "=" + value + ": ")
                    .hasMessageContaining(reason);
        }
    }

    @Test
    void whatTheOperatorDoesNotReadIsLeftAlone() {
        assertThatCode(() -> EnvironmentEncoding.check(Map.of("PS1", "\uFFFD"), StandardCharsets.US_ASCII))
                .doesNotThrowAnyException();
    }
}
