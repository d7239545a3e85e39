package dev.sessionpublish.publish.plan;

import static dev.sessionpublish.publish.plan.PlannedPush.BASE;
import static dev.sessionpublish.publish.plan.PlannedPush.FOREIGN;
import static dev.sessionpublish.publish.plan.PlannedPush.HEAD;
import static dev.sessionpublish.publish.plan.PlannedPush.OLD;
import static dev.sessionpublish.publish.plan.PlannedPush.generated;
import static dev.sessionpublish.publish.plan.PlannedPush.pull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.PullRequestReason;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.publish.PublishReason;
import dev.sessionpublish.sandbox.SandboxReason;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PushPlanTest {
    private static final boolean FAST_FORWARD = false;
    private static final boolean REPLACE = true;

    private static Arguments push(
            String what, PlannedPush facts, String branch, Optional<ObjectId> oldId, boolean replaces) {
        return Arguments.of(what, facts, branch, oldId, replaces);
    }

    private static Stream<Arguments> pushes() {
        return Stream.of(
                push("a new branch, as checked out", facts(), "work", Optional.empty(), FAST_FORWARD),
                push("the branch that the spec names", facts().spec("headBranch: fix"), "fix", Optional.empty(), false),
                push(
                        "somebody else's branch that is checked out is left alone",
                        facts().atForge("work", FOREIGN),
                        generated(),
                        Optional.empty(),
                        FAST_FORWARD),
                push(
                        "also with force",
                        facts().spec("force: true").atForge("work", FOREIGN),
                        generated(),
                        Optional.empty(),
                        FAST_FORWARD),
                push(
                        "a branch of this session that is checked out is moved on",
                        facts().atForge("work", OLD).answers(Optional.empty(), Optional.of(true)),
                        "work",
                        Optional.of(OLD),
                        FAST_FORWARD),
                push(
                        "but not replaced, with force either",
                        facts().spec("force: true").atForge("work", OLD).answers(Optional.empty(), Optional.of(true)),
                        "work",
                        Optional.of(OLD),
                        FAST_FORWARD),
                push(
                        "force replaces the branch of an earlier push",
                        facts().spec("force: true").pushedBefore("work", OLD).atForge("work", FOREIGN),
                        "work",
                        Optional.of(FOREIGN),
                        REPLACE),
                push(
                        "a commit of uncommitted changes replaces its sibling",
                        facts().committedBefore("work", OLD).atForge("work", OLD),
                        "work",
                        Optional.of(OLD),
                        REPLACE),
                push(
                        "but not what somebody else put there",
                        facts().committedBefore("work", OLD).atForge("work", FOREIGN),
                        "work",
                        Optional.of(FOREIGN),
                        FAST_FORWARD),
                push(
                        "a journaled branch stays although nothing arrived there",
                        facts().checkedOut("other").unsettled("work", OLD),
                        "work",
                        Optional.empty(),
                        FAST_FORWARD),
                push(
                        "what only the checkout calls published is pushed",
                        facts().checkout(checkout -> checkout.tracked(Optional.of(HEAD)))
                                .answers(Optional.of(false), Optional.empty()),
                        "work",
                        Optional.empty(),
                        FAST_FORWARD),
                push(
                        "a revert moves the branch on",
                        facts().checkout(checkout -> checkout.baseTree(Optional.of(HEAD)))
                                .pushedBefore("work", OLD)
                                .atForge("work", OLD),
                        "work",
                        Optional.of(OLD),
                        FAST_FORWARD),
                push(
                        "new commits after a merge",
                        facts().pushedBefore("work", OLD).pullRequest(Forge.State.MERGED, OLD),
                        "work",
                        Optional.empty(),
                        FAST_FORWARD),
                push(
                        "a branch that was deleted without a merge is made again",
                        facts().pushedBefore("work", HEAD).pullRequest(Forge.State.CLOSED, HEAD),
                        "work",
                        Optional.empty(),
                        FAST_FORWARD),
                push(
                        "a merge of another commit is no merge of this work",
                        facts().answers(Optional.empty(), Optional.empty(), pull(3, Forge.State.MERGED, OLD)),
                        "work",
                        Optional.empty(),
                        FAST_FORWARD),
                push("detached HEAD", facts().detached(), generated(), Optional.empty(), FAST_FORWARD),
                push("on the base", facts().checkedOut("main"), generated(), Optional.empty(), FAST_FORWARD),
                push("on the base in capitals", facts().checkedOut("MAIN"), generated(), Optional.empty(), false),
                push("on a protected branch", facts().checkedOut("release/1"), generated(), Optional.empty(), false),
                push(
                        "on a branch that the project protects",
                        facts().project("protectedBranches: [wor*]"),
                        generated(),
                        Optional.empty(),
                        FAST_FORWARD),
                push(
                        "on a name that is not UTF-8",
                        facts().checkedOut("w\uFFFD"),
                        generated(),
                        Optional.empty(),
                        false),
                push(
                        "the branch of the first push stays, whatever is checked out",
                        facts().checkedOut("other").pushedBefore("work", OLD).atForge("work", OLD),
                        "work",
                        Optional.of(OLD),
                        FAST_FORWARD),
                push(
                        "force replaces a branch",
                        facts().spec("headBranch: fix\nforce: true").atForge("fix", FOREIGN),
                        "fix",
                        Optional.of(FOREIGN),
                        REPLACE),
                push(
                        "force has nothing to replace",
                        facts().spec("headBranch: fix\nforce: true"),
                        "fix",
                        Optional.empty(),
                        FAST_FORWARD),
                push(
                        "a generated branch at this publish's own commit is replaced",
                        facts().detached().pushedBefore(generated(), OLD).atForge(generated(), OLD),
                        generated(),
                        Optional.of(OLD),
                        REPLACE),
                push(
                        "a generated branch at somebody else's commit is not",
                        facts().detached().pushedBefore(generated(), OLD).atForge(generated(), FOREIGN),
                        generated(),
                        Optional.of(FOREIGN),
                        FAST_FORWARD),
                push(
                        "a named branch at this publish's own commit is not",
                        facts().spec("headBranch: fix").pushedBefore("fix", OLD).atForge("fix", OLD),
                        "fix",
                        Optional.of(OLD),
                        FAST_FORWARD),
                push(
                        "a deleted branch is made again",
                        facts().pushedBefore("work", OLD),
                        "work",
                        Optional.empty(),
                        FAST_FORWARD),
                push(
                        "force in a repeated run, and the branch has not moved",
                        facts().spec("headBranch: fix\nforce: true")
                                .unsettled("fix", FOREIGN)
                                .atForge("fix", FOREIGN),
                        "fix",
                        Optional.of(FOREIGN),
                        REPLACE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pushes")
    void aPushGoesToItsBranch(String what, PlannedPush facts, String branch, Optional<ObjectId> oldId, boolean replaces)
            throws Exception {
        assertThat(facts.plan()).isInstanceOfSatisfying(PushPlan.Push.class, push -> {
            assertThat(push.branch()).isEqualTo(branch);
            assertThat(push.oldId()).isEqualTo(oldId);
            assertThat(push.newId()).isEqualTo(HEAD);
            assertThat(push.replaces()).isEqualTo(replaces);
            assertThat(push.needsProof()).isEqualTo(oldId.isPresent() && !replaces);
            assertThat(push.update().oldId()).isEqualTo(oldId.orElse(HEAD.zero()));
        });
    }

    /** The work changes more files than the project allows. */
    private static PlannedPush manyFiles() {
        return facts().project("push: {maxChangedFiles: 1}")
                .checkout(checkout -> checkout.changedFiles(OptionalLong.of(2)));
    }

    private static Stream<Arguments> upToDate() {
        return Stream.of(
                Arguments.of("the checkout's branch", facts().atForge("work", HEAD)),
                Arguments.of(
                        "with force",
                        facts().spec("headBranch: work\nforce: true").atForge("work", HEAD)),
                Arguments.of("with more files than are allowed", manyFiles().atForge("work", HEAD)),
                Arguments.of("a generated one", facts().detached().atForge(generated(), HEAD)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void upToDate(String what, PlannedPush facts) throws Exception {
        assertThat(facts.plan()).isInstanceOfSatisfying(PushPlan.UpToDate.class, plan -> {
            assertThat(plan.push().oldId()).contains(HEAD);
            assertThat(plan.push().replaces()).isFalse();
        });
    }

    private static Stream<Arguments> nothing() {
        return Stream.of(
                Arguments.of("HEAD is in the base", facts().checkout(checkout -> checkout.contained(true))),
                Arguments.of(
                        "the same tree as the base",
                        facts().checkout(checkout -> checkout.baseTree(Optional.of(HEAD)))),
                Arguments.of(
                        "the forge says that HEAD is in the base",
                        facts().checkout(checkout -> checkout.tracked(Optional.of(HEAD)))
                                .answers(Optional.of(true), Optional.empty())),
                Arguments.of(
                        "HEAD is in the base, and the branch is gone",
                        facts().checkout(checkout -> checkout.contained(true)).pushedBefore("work", OLD)));
    }

    private static Stream<Arguments> merged() {
        return Stream.of(
                Arguments.of(
                        "the recorded pull request has the work",
                        facts().pushedBefore("work", HEAD).pullRequest(Forge.State.MERGED, HEAD)),
                Arguments.of(
                        "and its branch is still there",
                        facts().pushedBefore("work", HEAD)
                                .pullRequest(Forge.State.MERGED, HEAD)
                                .atForge("work", HEAD)),
                Arguments.of(
                        "the base was fetched since",
                        facts().checkout(checkout -> checkout.contained(true))
                                .pushedBefore("work", OLD)
                                .pullRequest(Forge.State.MERGED, OLD)),
                Arguments.of(
                        "a listed one, of a publish that was deleted and created again",
                        facts().answers(Optional.empty(), Optional.empty(), pull(7, Forge.State.MERGED, HEAD))),
                Arguments.of(
                        "a listed one, of a branch that was pushed without a pull request",
                        facts().spec("createPullRequest: false")
                                .pushedBefore("work", HEAD)
                                .answers(Optional.empty(), Optional.empty(), pull(7, Forge.State.MERGED, HEAD))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void merged(String what, PlannedPush facts) throws Exception {
        assertThat(facts.plan()).isInstanceOfSatisfying(PushPlan.Merged.class, plan -> assertThat(
                        plan.pullRequest().number())
                .isEqualTo(7));
    }

    private static Stream<Arguments> unchanged() {
        return Stream.of(
                Arguments.of(
                        "work that was reset to the base",
                        facts().checkout(checkout -> checkout.contained(true))
                                .pushedBefore("work", OLD)
                                .pullRequest(Forge.State.OPEN, OLD)
                                .atForge("work", OLD),
                        "work still holds " + OLD.abbreviated() + " and so does pull request #7"),
                Arguments.of(
                        "a deleted branch of which nobody can say whether it was merged",
                        facts().pushedBefore("work", HEAD).withoutApi(),
                        "the branch stays deleted"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void unchanged(String what, PlannedPush facts, String says) throws Exception {
        assertThat(facts.plan()).isInstanceOfSatisfying(PushPlan.Unchanged.class, plan -> assertThat(plan.sentence())
                .contains(says));
    }

    private static Stream<Arguments> questions() {
        return Stream.of(
                Arguments.of(
                        PushPlan.Question.IN_BASE,
                        facts().checkout(checkout -> checkout.tracked(Optional.of(HEAD))),
                        "main"),
                Arguments.of(PushPlan.Question.OWN_BRANCH, facts().atForge("work", OLD), "work"),
                Arguments.of(PushPlan.Question.PULL_REQUESTS, facts(), "work"),
                Arguments.of(PushPlan.Question.PULL_REQUESTS, facts().pushedBefore("work", HEAD), "work"));
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource
    void questions(PushPlan.Question question, PlannedPush facts, String branch) throws Exception {
        assertThat(facts.unanswered().plan()).isEqualTo(new PushPlan.Ask(question, branch));
    }

    private static Stream<Arguments> noQuestions() {
        return Stream.of(
                Arguments.of("no pull request is wanted", facts().spec("createPullRequest: false")),
                Arguments.of(
                        "its pull request is known",
                        facts().pushedBefore("work", OLD)
                                .pullRequest(Forge.State.OPEN, OLD)
                                .atForge("work", OLD)),
                Arguments.of(
                        "pushed before, and the branch is there",
                        facts().pushedBefore("work", OLD).atForge("work", OLD)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void noQuestions(String what, PlannedPush facts) throws Exception {
        assertThat(facts.unanswered().plan()).isInstanceOf(PushPlan.Push.class);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void nothing(String what, PlannedPush facts) throws Exception {
        assertThat(facts.plan()).isInstanceOfSatisfying(PushPlan.Nothing.class, plan -> {
            assertThat(plan.reason()).isEqualTo(PullRequestReason.NO_CHANGES);
            assertThat(plan.sentence()).contains(HEAD.abbreviated(), "main", "commit the work");
        });
    }

    private static Stream<Arguments> refusals() {
        ObjectId sha256 = new ObjectId("c".repeat(64));
        return Stream.of(
                Arguments.of(
                        facts().checkout(checkout -> checkout.locks(List.of("index.lock"))),
                        SandboxReason.WORKSPACE_BUSY,
                        "index.lock"),
                Arguments.of(
                        facts().checkout(checkout -> checkout.operations(List.of("rebase"))),
                        PublishReason.OPERATION_IN_PROGRESS,
                        "rebase"),
                Arguments.of(manyFiles(), PublishReason.TOO_MANY_FILES, "changes 2 files"),
                Arguments.of(facts().spec("commit: " + BASE.hex()), PublishReason.COMMIT_MOVED, "spec.commit"),
                Arguments.of(
                        facts().spec("uncommittedChanges: Fail").checkout(checkout -> checkout.uncommittedFiles(2)),
                        PublishReason.UNCOMMITTED_CHANGES,
                        "spec.uncommittedChanges"),
                Arguments.of(facts().checkout(checkout -> checkout.commit(sha256)), PushReason.OBJECT_FORMAT, "clone"),
                Arguments.of(facts().spec("headBranch: main"), PublishReason.PROTECTED_BRANCH, "set spec.headBranch"),
                Arguments.of(
                        facts().spec("headBranch: main\nforce: true"),
                        PublishReason.PROTECTED_BRANCH,
                        "set spec.headBranch"),
                Arguments.of(
                        facts().detached().project("protectedBranches: [\"session/*\"]"),
                        PublishReason.PROTECTED_BRANCH,
                        "spec.branchPrefix"),
                Arguments.of(facts().atForge("work/more", OLD), PushReason.BRANCH_CONFLICT, "work/more"),
                Arguments.of(facts().spec("headBranch: main/fix"), PushReason.BRANCH_CONFLICT, "existing branch main"),
                Arguments.of(
                        facts().spec("headBranch: fix\nforce: true")
                                .unsettled("fix", OLD)
                                .atForge("fix", FOREIGN),
                        PushReason.LEASE_STALE,
                        "sessionpublish.dev/retry-at"));
    }

    @ParameterizedTest(name = "{1}: {2}")
    @MethodSource("refusals")
    void aRefusalHasItsReasonAndSaysWhatToDo(PlannedPush facts, Reason reason, String says) throws Exception {
        assertThat(facts.plan()).isInstanceOfSatisfying(PushPlan.Refused.class, refused -> {
            assertThat(refused.why().reason()).isEqualTo(reason);
            assertThat(refused.why().getMessage()).contains(says);
        });
    }

    @Test
    void anUnsettledPushOfAnotherBranchDoesNotMakeThisOneStale() throws Exception {
        assertThat(facts().spec("headBranch: fix\nforce: true")
                        .unsettled("other", OLD)
                        .atForge("fix", FOREIGN)
                        .plan())
                .isInstanceOf(PushPlan.Push.class);
    }

    private static PlannedPush facts() {
        return new PlannedPush();
    }
}
