package dev.sessionpublish.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The README promises that every outcome says what to do. */
class RefusalMessagesTest {
    private static final Path SOURCES = Path.of("src/main/java");
    /** More than half of what there was when this test was written: if fewer are found, it has lost sight of them. */
    private static final int LEAST_REFUSALS = 120;

    private static final int LEAST_NOTES = 8;
    private static final Set<String> ENDS = Set.of("Nothing", "Unchanged");

    @Test
    void everyRefusalInTheSourceCodeSaysWhatToDo() throws IOException {
        Set<RefusalTexts.Text> texts = RefusalTexts.in(SOURCES, tree -> argument(tree, Set.of("RefusedException"), 1));

        assertThat(texts).hasSizeGreaterThan(LEAST_REFUSALS);
        assertThat(withoutAction(texts)).isEmpty();
    }

    /** A publish that ended well, while something that was asked for was not done. */
    @Test
    void everyNoteOnASuccessSaysWhatToDo() throws IOException {
        Set<RefusalTexts.Text> texts = RefusalTexts.in(SOURCES, RefusalMessagesTest::note);
        texts.removeIf(each -> !each.text().endsWith(".") || !each.text().startsWith("The "));
        Set<RefusalTexts.Text> ends = RefusalTexts.in(SOURCES, tree -> argument(tree, ENDS, 1));

        assertThat(texts).hasSizeGreaterThan(LEAST_NOTES);
        assertThat(ends).hasSizeGreaterThan(2);
        assertThat(withoutAction(texts)).isEmpty();
        assertThat(withoutAction(ends)).isEmpty();
    }

    private static List<String> withoutAction(Set<RefusalTexts.Text> texts) {
        return texts.stream()
                .filter(each -> !NextAction.isIn(each.text()))
                .map(each -> each.place() + ": " + each.text())
                .sorted()
                .toList();
    }

    private static Optional<Tree> argument(Tree tree, Set<String> types, int index) {
        return tree instanceof NewClassTree made
                        && types.contains(made.getIdentifier().toString())
                ? Optional.of(made.getArguments().get(index))
                : Optional.empty();
    }

    /** What is added to a list of notes, is the only one of a list, or is made of each element of one. */
    private static Optional<Tree> note(Tree tree) {
        if (tree instanceof MethodInvocationTree call
                && Set.of("notes.add", "List.of")
                        .contains(call.getMethodSelect().toString())
                && call.getArguments().size() == 1) {
            return composed(call.getArguments().get(0));
        }
        return tree instanceof LambdaExpressionTree lambda ? composed(lambda.getBody()) : Optional.empty();
    }

    private static Optional<Tree> composed(Tree expression) {
        return Optional.of(expression).filter(each -> each.getKind() == Tree.Kind.PLUS);
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
