package dev.sessionpublish.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The README promises that every refusal says what to do. */
class RefusalMessagesTest {
    /** More than half of what there was when this test was written: if fewer are found, it has lost sight of them. */
    private static final int LEAST_TEXTS = 120;

    @Test
    void everyRefusalInTheSourceCodeSaysWhatToDo() throws IOException {
        Set<RefusalTexts.Text> texts = RefusalTexts.in(Path.of("src/main/java"));

        assertThat(texts).hasSizeGreaterThan(LEAST_TEXTS);
        assertThat(texts.stream()
                        .filter(each -> !NextAction.isIn(each.text()))
                        .map(each -> each.place() + ": " + each.text())
                        .sorted()
                        .collect(Collectors.toList()))
                .isEmpty();
    }

    @Test
    void aSentenceThatOnlyStatesAFactIsNoAction() {
        assertThat(NextAction.isIn("The pod s7 is not ready yet.")).isFalse();
        assertThat(NextAction.isIn("The base branch already has all commits of the head branch."))
                .isFalse();
        assertThat(NextAction.isIn("The pod s7 is not ready yet. Check its events."))
                .isTrue();
        assertThat(NextAction.isIn("There is no SessionProject web in this namespace: create it."))
                .isTrue();
        assertThat(NextAction.isIn("GitHub is down. The operator retries.")).isTrue();
    }
}
