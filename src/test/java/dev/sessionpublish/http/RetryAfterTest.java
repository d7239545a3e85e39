package dev.sessionpublish.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static Optional<Duration> in(Map<String, String> headers) {
        return RetryAfter.in(name -> Optional.ofNullable(headers.get(name)));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1",
        "' 120 ', 120",
        "86400, 86400",
        "86401, 86400",
        "999999999, 86400",
        "99999999999999999999, 86400"
    })
    void secondsAreTakenFromOneToADay(String value, long seconds) {
        assertThat(in(Map.of("Retry-After", value))).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({"00:10:00, 600", "00:00:00, 1", "23:00:00, 82800"})
    void aDateIsCountedFromTheAnswersOwn(String time, long seconds) {
        assertThat(in(Map.of(
                        "Date", "Thu, 01 Jan 1998 00:00:00 GMT", "Retry-After", "Thu, 01 Jan 1998 " + time + " GMT")))
                .contains(Duration.ofSeconds(seconds));
    }

    @Test
    void whereTheAnswerHasNoDateItIsCountedFromNow() {
        ZonedDateTime tomorrow = ZonedDateTime.now(ZoneOffset.UTC).plusDays(2);

        assertThat(in(Map.of("Retry-After", DateTimeFormatter.RFC_1123_DATE_TIME.format(tomorrow))))
                .contains(Duration.ofDays(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-1", "1.5", "", "Mon, 99 Foo 2026 00:00:00 GMT"})
    void whatIsNoTimeIsNoWish(String value) {
        assertThat(in(Map.of("Retry-After", value))).isEmpty();
        assertThat(in(Map.of())).isEmpty();
    }
}
