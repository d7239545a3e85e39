package dev.sessionpublish.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    @Test
    void withoutAnyItPlaysOnTheStandInAndEnds() {
        assertThat(Arguments.parse(List.of())).contains(new Arguments(false, false));
    }

    @Test
    void bothMayComeInAnyOrder() {
        Arguments both = new Arguments(true, true);

        assertThat(Arguments.parse(List.of("--keep", "--forge", "gitea"))).contains(both);
        assertThat(Arguments.parse(List.of("--forge", "Gitea", "--keep"))).contains(both);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--forge", "--forge github", "--forge --keep", "--gitea", "gitea", "--keep --help"})
    void whatIsNotUnderstoodIsNotGuessed(String words) {
        assertThat(Arguments.parse(List.of(words.split(" ")))).isEmpty();
    }
}
