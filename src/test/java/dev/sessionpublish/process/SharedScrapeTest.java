package dev.sessionpublish.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How often the metrics are rendered, by a clock that moves only while they are. */
class SharedScrapeTest {
    private long now;
    private int rendered;

    private final SharedScrape scrape = new SharedScrape(this::render, () -> now);

    @Test
    void manyRequestsAtOnceShareOneRendering() {
        assertThat(IntStream.range(0, 100).mapToObj(i -> scrape.get())).containsOnly("rendered 1");
    }

    @Test
    void theTextIsRenderedAgainAfterFourTimesAsLongAsItTook() {
        scrape.get();
        now += 399;
        assertThat(scrape.get()).isEqualTo("rendered 1");

        now += 1;

        assertThat(scrape.get()).isEqualTo("rendered 2");
    }

    private String render() {
        now += 100;
        rendered++;
        return "rendered " + rendered;
    }
}
