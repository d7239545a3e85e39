package dev.sessionpublish.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sessionpublish.outcome.RetryClass;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(15), new Random(51));

    @Test
    void delaysDoubleUpToTheLongestAndStayThere() {
        for (int attempt = 1; attempt < 200; attempt++) {
            long whole = attempt > 7 ? 900_000 : Math.min(900_000, 10_000L << (attempt - 1));
            for (int n = 0; n < 100; n++) {
                assertThat(delay(attempt, Optional.empty()))
                        .isBetween(Duration.ofMillis(whole / 2), Duration.ofMillis(whole));
            }
        }
        assertThat(delay(Integer.MAX_VALUE, Optional.empty()))
                .isBetween(Duration.ofSeconds(450), Duration.ofMinutes(15));
    }

    @Test
    void publishesThatFailedTogetherDoNotComeBackTogether() {
        Set<Duration> delays = new HashSet<>();
        for (int n = 0; n < 100; n++) {
            delays.add(delay(5, Optional.empty()));
        }
        assertThat(delays).hasSizeGreaterThan(90);
    }

    @Test
    void neverBeforeTheOtherSideAskedNorMuchLater() {
        for (Duration asked : new Duration[] {
            Duration.ofSeconds(30), Duration.ofMillis(20_001), Duration.ofMinutes(59), Duration.ofHours(3)
        }) {
            for (int n = 0; n < 100; n++) {
                assertThat(delay(1, Optional.of(asked)))
                        .isBetween(asked, asked.plus(asked.dividedBy(10)).plusMillis(2))
                        .isLessThanOrEqualTo(asked.plusMillis(60_001));
            }
        }
        assertThat(delay(1, Optional.of(Duration.ofDays(4_000)))).isLessThan(Duration.ofHours(25));
    }

    @Test
    void neverLessThanASecond() {
        Backoff shortest = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), new Random(51));
        for (int n = 0; n < 100; n++) {
            assertThat(shortest.delay(RetryClass.BACKOFF, 1, Optional.of(Duration.ZERO)))
                    .contains(Duration.ofSeconds(1));
        }
    }

    @Test
    void whatIsPermanentIsNotRepeatedAndOnceIsOnce() {
        assertThat(BACKOFF.delay(RetryClass.PERMANENT, 1, Optional.of(Duration.ofSeconds(5))))
                .isEmpty();
        assertThat(BACKOFF.delay(RetryClass.WAKES_ON_PROJECT, 1, Optional.empty()))
                .isEmpty();
        assertThat(BACKOFF.delay(RetryClass.WAKES_ON_SOURCE, 1, Optional.empty()))
                .isEmpty();
        assertThat(BACKOFF.delay(RetryClass.WAKES_ON_SETTING, 1, Optional.empty()))
                .isEmpty();
        assertThat(BACKOFF.delay(RetryClass.ONCE, 1, Optional.empty())).isPresent();
        assertThat(BACKOFF.delay(RetryClass.ONCE, 2, Optional.empty())).isEmpty();
    }

    @Test
    void limitsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new Backoff(Duration.ofMillis(999), Duration.ofSeconds(5), new Random(51)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(6), Duration.ofSeconds(5), new Random(51)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private Duration delay(int attempts, Optional<Duration> retryAfter) {
        return BACKOFF.delay(RetryClass.BACKOFF, attempts, retryAfter).orElseThrow();
    }
}
