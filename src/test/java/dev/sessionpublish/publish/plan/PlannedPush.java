package dev.sessionpublish.publish.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.git.Advertisement;
import dev.sessionpublish.git.BranchName;
import dev.sessionpublish.git.GeneratedBranch;
import dev.sessionpublish.git.MemoryBudget;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.sandbox.Checkout;
import dev.sessionpublish.sandbox.CheckoutBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayInputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/** The facts of one push plan: a checkout on {@code work} with one new commit, and a forge that has {@code main} alone. */
final class PlannedPush {
    static final ObjectId BASE = new ObjectId("0a".repeat(20));
    static final ObjectId OLD = new ObjectId("0b".repeat(20));
    static final ObjectId HEAD = new ObjectId("0c".repeat(20));
    static final ObjectId FOREIGN = new ObjectId("0d".repeat(20));

    private static final HeadBranch.Identity IDENTITY =
            new HeadBranch.Identity("Fix it", "uid-1", Optional.empty(), "team", "fix");

    private String spec = "";
    private String project = "";
    private Optional<String> base = Optional.of("main");
    private Checkout checkout = CheckoutBuilder.builder()
            .branch(Optional.of("work"))
            .head(HEAD)
            .commit(HEAD)
            .tree(HEAD)
            .commits(OptionalLong.of(1))
            .newest(List.of())
            .operations(List.of())
            .locks(List.of())
            .lfsObjects(List.of())
            .unpushedSubmodules(List.of())
            .build();
    private final Map<String, ObjectId> refs = new LinkedHashMap<>(Map.of("main", BASE));
    private PushPlan.Earlier earlier = PushPlan.Earlier.NONE;
    private PushPlan.Answers answers = new PushPlan.Answers(
            Optional.empty(), Optional.of(false), Optional.of(new PushPlan.PullRequests(true, List.of())));

    /** The branch name that is generated for this publish. */
    static String generated() {
        try {
            return GeneratedBranch.of("session/", "Fix it", "uid-1", "team", "fix")
                    .value();
        } catch (RefusedException e) {
            throw new AssertionError(e);
        }
    }

    PlannedPush spec(String yaml) {
        spec = yaml;
        return this;
    }

    PlannedPush project(String yaml) {
        project = yaml;
        return this;
    }

    PlannedPush checkout(UnaryOperator<CheckoutBuilder> change) {
        checkout = change.apply(CheckoutBuilder.builder(checkout)).build();
        return this;
    }

    PlannedPush checkedOut(String branch) {
        return checkout(checkout -> checkout.branch(Optional.of(branch)));
    }

    PlannedPush detached() {
        return checkout(checkout -> checkout.branch(Optional.empty()));
    }

    PlannedPush atForge(String branch, ObjectId tip) {
        refs.put(branch, tip);
        return this;
    }

    /** The branch was pushed to, and the commit there is the publish's own. */
    PlannedPush pushedBefore(String branch, ObjectId commit) {
        return earlier(branch, commit, false);
    }

    /** The same, and the commit holds uncommitted changes. */
    PlannedPush committedBefore(String branch, ObjectId commit) {
        return earlier(branch, commit, true);
    }

    private PlannedPush earlier(String branch, ObjectId commit, boolean uncommitted) {
        earlier = new PushPlan.Earlier(
                Optional.of(branch),
                false,
                Optional.of(commit.hex()),
                Optional.of(new PushPlan.OwnCommit(commit.hex(), uncommitted)),
                earlier.pullRequest(),
                Optional.empty());
        return this;
    }

    /** The pull request of the status is as the forge says now. */
    PlannedPush pullRequest(Forge.State state, ObjectId head) {
        earlier = new PushPlan.Earlier(
                earlier.branch(),
                false,
                earlier.commit(),
                earlier.own(),
                Optional.of(pull(7, state, head)),
                Optional.empty());
        return this;
    }

    static Forge.PullRequest pull(int number, Forge.State state, ObjectId head) {
        return new Forge.PullRequest(
                number,
                "https://x/pull/" + number,
                state,
                false,
                "work",
                "main",
                head.hex(),
                new Forge.Description("bot", ""));
    }

    /** This run has journaled a push, and its outcome is not known. */
    PlannedPush unsettled(String branch, ObjectId previous) {
        earlier = new PushPlan.Earlier(
                Optional.of(branch),
                false,
                earlier.commit(),
                earlier.own(),
                earlier.pullRequest(),
                Optional.of(new PushPlan.Unsettled(branch, Optional.of(previous.hex()))));
        return this;
    }

    /** Answers nothing until it is asked. */
    PlannedPush unanswered() {
        answers = PushPlan.Answers.NONE;
        return this;
    }

    PlannedPush answers(Optional<Boolean> inBase, Optional<Boolean> ownBranch, Forge.PullRequest... listed) {
        answers =
                new PushPlan.Answers(inBase, ownBranch, Optional.of(new PushPlan.PullRequests(true, List.of(listed))));
        return this;
    }

    PlannedPush withoutApi() {
        answers = new PushPlan.Answers(
                Optional.of(false), Optional.of(false), Optional.of(new PushPlan.PullRequests(false, List.of())));
        return this;
    }

    PushPlan plan() throws Exception {
        SessionPublishSpec parsed = Serialization.unmarshal("source: {podName: s7}\n" + spec, SessionPublishSpec.class);
        return PushPlan.of(new PushPlan.Facts(
                parsed,
                TestProject.of("defaultBranch: main\n" + project),
                Optional.ofNullable(parsed.headBranch()).map(BranchName::of),
                base,
                checkout,
                advertised(refs),
                earlier,
                IDENTITY,
                answers));
    }

    static Advertisement advertised(Map<String, ObjectId> refs) throws Exception {
        StringBuilder text = new StringBuilder("001f# service=git-receive-pack\n0000");
        String capabilities = "\0report-status";
        for (Map.Entry<String, ObjectId> ref : refs.entrySet()) {
            String line = ref.getValue().hex() + " refs/heads/" + ref.getKey() + capabilities + "\n";
            text.append(String.format("%04x", line.getBytes(UTF_8).length + 4)).append(line);
            capabilities = "";
        }
        return Advertisement.read(
                new ByteArrayInputStream(text.append("0000").toString().getBytes(UTF_8)),
                new MemoryBudget(1 << 20, 0).open("team"));
    }
}
