package dev.sessionpublish.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NarratorTest {
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final Narrator narrator = new Narrator(new PrintStream(told, true, StandardCharsets.UTF_8), false);

    @Test
    void whatDoesNotHoldIsToldAtOnceAndInTheSum() {
        narrator.scene("A scene");
        narrator.check("water is wet", true);
        narrator.check("fire is cold", false);

        narrator.sum();
        assertThat(narrator.isAllTrue()).isFalse();
        assertThat(told.toString(StandardCharsets.UTF_8))
                .contains("ok: water is wet", "NOT SO: fire is cold", "1 of 2 checks did not hold", "1. fire is cold");
    }

    @Test
    void whatHoldsIsCounted() {
        narrator.scene("A scene");
        narrator.check("water is wet", true);

        narrator.sum();
        assertThat(narrator.isAllTrue()).isTrue();
        assertThat(told.toString(StandardCharsets.UTF_8)).contains("All as shown: 1 scenes, 1 checks.");
    }
}
