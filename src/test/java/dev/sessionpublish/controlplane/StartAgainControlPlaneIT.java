package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.SandboxCheckout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The recipes of docs/tasks.md for who starts a publish again and waits: when they return, the status is that of the new
 * run, however long the operator takes to see what started it.
 */
class StartAgainControlPlaneIT extends ControlPlaneOperatorScenario {
    private static final Path PAGE = Path.of("docs", "tasks.md");
    private static final Pattern BLOCK = Pattern.compile("(?m)(?:^ {4}\\S[^\n]*\n)+");
    private static final String SLOW = "procnode/exec-delay";
    private static final String OUTCOME = "{.status.phase} {.status.commit}";

    /** In the order of the page: by the annotation, by the spec. */
    private static List<String> recipes() {
        String page = ControlPlane.read(PAGE);
        String section = page.substring(page.indexOf("\n## Start again and wait\n"));
        return BLOCK.matcher(section.substring(0, section.indexOf("\n## ", 1)))
                .results()
                .map(MatchResult::group)
                .toList();
    }

    /** What the status says at the moment when the recipe returns. */
    private static String follow(Team team, String recipe) throws Exception {
        String commands = recipe.stripIndent().replaceAll("\\bagents\\b", team.namespace()) + "kubectl -n "
                + team.namespace() + " get spub fix-login -o jsonpath='" + OUTCOME + "'";
        Path directory = Path.of(team.file("")).getParent();
        String printed = new DocumentShell(world.controlPlane(), directory, Map.of()).run(commands);
        return printed.substring(printed.lastIndexOf('\n') + 1);
    }

    @Test
    void afterTheAnnotationTheNewRunIsWaitedFor() throws Exception {
        Team team = team("again");
        SandboxCheckout checkout = team.work();
        team.publish("fix-login", "");
        team.awaitEnd("fix-login", Phase.PullRequestCreated, null);
        checkout.commit("More work", "more.txt", "more");
        team.annotatePod(SLOW, "3s");

        assertThat(follow(team, recipes().get(0))).isEqualTo("PullRequestCreated " + checkout.head());
    }

    @Test
    void afterAChangeOfTheSpecTheNewRunIsWaitedFor() throws Exception {
        Team team = team("changed");
        SandboxCheckout checkout = team.work().dirty("more.txt", "more");
        team.publish("fix-login", "  uncommittedChanges: Fail");
        team.awaitEnd("fix-login", Phase.Failed, "uncommitted-changes");
        checkout.commit("More work", "more.txt", "more");
        team.annotatePod(SLOW, "3s");

        assertThat(follow(team, recipes().get(1))).isEqualTo("PullRequestCreated " + checkout.head());
    }

    /** A title that comes too late changes nothing, and is not waited for in vain. */
    @Test
    void aChangeThatNeedsNoStepKeepsTheResult() throws Exception {
        Team team = team("noted");
        SandboxCheckout checkout = team.work();
        team.publish("fix-login", "");
        team.awaitEnd("fix-login", Phase.PullRequestCreated, null);

        assertThat(follow(team, recipes().get(1))).isEqualTo("PullRequestCreated " + checkout.head());
    }

    @Test
    void withoutTheFirstWaitTheOldResultIsRead() throws Exception {
        Team team = team("stale");
        SandboxCheckout checkout = team.work();
        team.publish("fix-login", "");
        team.awaitEnd("fix-login", Phase.PullRequestCreated, null);
        String old = checkout.head();
        checkout.commit("More work", "more.txt", "more");
        operator.pause();
        try {
            String tooShort = recipes().get(0).replaceAll("(?m)^.*observedRetryAt.*\n", "");

            assertThat(follow(team, tooShort)).isEqualTo("PullRequestCreated " + old);
        } finally {
            operator.resume();
        }
    }
}
