package dev.sessionpublish.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.embedded.RealGit;
import dev.sessionpublish.embedded.SandboxCheckout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which commits the header takes for the work: none rather than the base's history. */
@Timeout(120)
class WorkBoundsIT {
    @TempDir
    Path directory;

    private Path origin;
    private SandboxCheckout upstream;

    @BeforeEach
    void makeOrigin() {
        upstream = SandboxCheckout.unborn(directory.resolve("upstream"))
                .commit("First", "first.txt", "1")
                .commits(5);
        origin = directory.resolve("origin.git");
        RealGit.in(directory).run("clone", "--quiet", "--bare", "upstream", origin.toString());
    }

    private SandboxCheckout cloned() {
        return SandboxCheckout.cloneOf(origin, directory.resolve("workspace/repo"))
                .branch("agent/work");
    }

    private Checkout describe(SandboxCheckout checkout, String baseTip) throws IOException {
        ShellScript script = CheckoutSession.script(new CheckoutSession.Request(
                checkout.directory().toString(),
                directory.toString(),
                false,
                new CheckoutSession.Author("A", "a@example.com")));
        try (ScriptRun run = new ScriptRun("sh", script, ShellScript::asArgument, directory.resolve("stderr"))) {
            return run.describe(baseTip);
        }
    }

    private static void lists(Checkout said, String... subjects) {
        assertThat(said.newest()).extracting(Checkout.Subject::text).containsExactly(subjects);
        if (subjects.length == 0) {
            assertThat(said.commits()).isEmpty();
        } else {
            assertThat(said.commits()).hasValue(subjects.length);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"upstream", "a.remote"})
    void aRemoteMayHaveAnyName(String name) throws Exception {
        SandboxCheckout checkout = cloned().commit("Work", "work.txt", "1");
        checkout.git("remote", "rename", "origin", name);

        lists(describe(checkout, ScriptRun.ELSEWHERE), "Work");
    }

    @Test
    void withoutTheBaseAndItsTrackingRefsNothingIsListed() throws Exception {
        SandboxCheckout checkout = cloned().commit("Work", "work.txt", "1");
        String base = checkout.git("rev-parse", "main");
        checkout.git("remote", "remove", "origin");

        Checkout said = describe(checkout, ScriptRun.ELSEWHERE);
        lists(said);
        assertThat(said.ahead()).isEmpty();
        assertThat(said.contained()).isFalse();
        lists(describe(checkout, base), "Work");
    }

    @Test
    void theRefsOfAnUnrelatedRepositoryAreNoBase() throws Exception {
        SandboxCheckout other =
                SandboxCheckout.unborn(directory.resolve("other")).commit("Other", "other.txt", "1");
        SandboxCheckout checkout = cloned().commit("Work", "work.txt", "1");
        checkout.git("remote", "remove", "origin");
        checkout.git("fetch", "--quiet", other.directory().toString(), "main:refs/remotes/docs/main");

        lists(describe(checkout, ScriptRun.ELSEWHERE));
    }

    @Test
    void commitsOfAForkAreWorkWhereTheForgeLacksThem() throws Exception {
        SandboxCheckout checkout = cloned().commit("On the fork", "fork.txt", "1");
        String base = checkout.git("rev-parse", "main");
        checkout.git("update-ref", "refs/remotes/origin/main", "HEAD");

        Checkout said = describe(checkout, base);
        lists(said, "On the fork");
        assertThat(said.contained()).isFalse();
        assertThat(said.tracked()).isEmpty();
        assertThat(said.ahead()).hasValue(1);

        Checkout unknown = describe(checkout, ScriptRun.ELSEWHERE);
        lists(unknown);
        assertThat(unknown.contained()).isFalse();
        assertThat(unknown.tracked()).contains(unknown.commit());
    }

    @Test
    void whatTheBasesTipHasIsContainedInIt() throws Exception {
        SandboxCheckout checkout = cloned();
        String base = checkout.head();
        checkout.git("reset", "--quiet", "--hard", "HEAD~1");

        Checkout said = describe(checkout, base);
        assertThat(said.contained()).isTrue();
        assertThat(said.commits()).hasValue(0);
    }

    @Test
    void aShallowCloneListsTheWorkOnItsTip() throws Exception {
        SandboxCheckout checkout = SandboxCheckout.shallowCloneOf(origin, directory.resolve("workspace/repo"), 1)
                .branch("agent/work")
                .commit("Work", "work.txt", "1");

        lists(describe(checkout, checkout.git("rev-parse", "origin/main")), "Work");
        lists(describe(checkout, ScriptRun.ELSEWHERE), "Work");
    }

    /** Between the commit that the work is based on and the tip that was fetched later, the history is missing. */
    @Test
    void aShallowCloneThatHasFetchedALaterTipListsNothing() throws Exception {
        SandboxCheckout checkout = SandboxCheckout.shallowCloneOf(origin, directory.resolve("workspace/repo"), 1)
                .branch("agent/work")
                .commit("Work", "work.txt", "1");
        upstream.commits(3);
        upstream.git("push", "--quiet", "--force", origin.toString(), "main");
        checkout.git("fetch", "--quiet", "--depth=1", origin.toUri().toString(), "+main:refs/remotes/origin/main");

        for (String tip : List.of(checkout.git("rev-parse", "origin/main"), ScriptRun.ELSEWHERE)) {
            Checkout said = describe(checkout, tip);
            lists(said);
            assertThat(said.shallow()).isTrue();
        }
    }

    @Test
    void aPartialCloneListsTheWork() throws Exception {
        SandboxCheckout checkout = SandboxCheckout.bloblessCloneOf(origin, directory.resolve("workspace/repo"));
        String tree = checkout.git("rev-parse", "HEAD^{tree}");
        checkout.git("symbolic-ref", "HEAD", "refs/heads/agent/work");
        checkout.git("update-ref", "HEAD", checkout.git("commit-tree", "-p", "origin/main", "-m", "Work", tree));

        lists(describe(checkout, checkout.git("rev-parse", "origin/main")), "Work");
        lists(describe(checkout, ScriptRun.ELSEWHERE), "Work");
    }
}
