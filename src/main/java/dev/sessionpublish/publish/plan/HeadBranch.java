package dev.sessionpublish.publish.plan;

import dev.sessionpublish.git.BranchName;
import dev.sessionpublish.git.BranchPatterns;
import dev.sessionpublish.git.GeneratedBranch;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.publish.PublishReason;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The branch that the work is pushed to: the one that the spec names; otherwise the one that a push was journaled for;
 * otherwise the checkout's own, unless it is the base, protected, or somebody else's; otherwise a generated one. A
 * protected branch, the base and the project's default branch are never a head, in any letter case.
 *
 * <p>The checkout's own branch is somebody else's when it exists at the forge and nothing shows that this session put it
 * there: an agent can check out any branch, and must not choose by that what is moved.
 *
 * @param generated whether the name was generated for this publish
 * @param mayBeForced whether {@code spec.force} applies: not to a branch that the agent has chosen
 */
public record HeadBranch(BranchName name, boolean generated, boolean mayBeForced) {

    /**
     * What a generated name is made of.
     *
     * @param earlierSourceUid uid of the pod that the publish found before: the name stays when the pod is replaced
     */
    public record Identity(
            String title, String sourceUid, Optional<String> earlierSourceUid, String namespace, String publishName) {

        boolean isIn(BranchName name) {
            return Stream.concat(Stream.of(sourceUid), earlierSourceUid.stream())
                    .anyMatch(uid -> GeneratedBranch.isFor(name, uid, namespace, publishName));
        }
    }

    /** @throws RefusedException invalid-branch, protected-branch */
    public static Optional<BranchName> requested(Optional<String> asked, Project project, Optional<String> base)
            throws RefusedException {
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> problem = BranchName.problem(asked.get());
        if (problem.isPresent()) {
            throw new RefusedException(
                    SharedReason.INVALID_BRANCH,
                    "spec.headBranch is invalid: " + problem.get() + ". Set it to a valid branch name, or remove it.");
        }
        return Optional.of(allowed(BranchName.of(asked.get()), project, base));
    }

    private static BranchName allowed(BranchName name, Project project, Optional<String> base) throws RefusedException {
        Optional<String> forbidden = forbidden(name, project, base);
        if (forbidden.isPresent()) {
            throw new RefusedException(
                    PublishReason.PROTECTED_BRANCH, forbidden.get() + ": set spec.headBranch to another branch.");
        }
        return name;
    }

    /** The branch, or what must be known first. */
    record Choice(Optional<PushPlan.Ask> ask, Optional<HeadBranch> chosen) {
        private static Choice of(HeadBranch branch) {
            return new Choice(Optional.empty(), Optional.of(branch));
        }

        HeadBranch branch() {
            return chosen.orElseThrow();
        }
    }

    /** @throws RefusedException invalid-branch, protected-branch */
    static Choice choose(PushPlan.Facts facts) throws RefusedException {
        Project project = facts.project();
        Optional<String> base = facts.base();
        if (facts.requested().isPresent()) {
            return Choice.of(new HeadBranch(allowed(facts.requested().get(), project, base), false, true));
        }
        Optional<String> pushedTo = facts.earlier().branch();
        if (pushedTo.isPresent() && BranchName.problem(pushedTo.get()).isEmpty()) {
            return Choice.of(pushedTo(BranchName.of(pushedTo.get()), facts));
        }
        BranchName generated = generated(facts);
        Optional<Choice> checkedOut = checkedOut(facts, generated);
        return checkedOut.isPresent() ? checkedOut.get() : generated(generated, facts);
    }

    private static HeadBranch pushedTo(BranchName name, PushPlan.Facts facts) throws RefusedException {
        Optional<String> forbidden = forbidden(name, facts.project(), facts.base());
        if (forbidden.isPresent()) {
            throw new RefusedException(
                    PublishReason.PROTECTED_BRANCH,
                    forbidden.get()
                            + ". This SessionPublish has pushed to it before and stays on it: publish to another branch with a new SessionPublish.");
        }
        return new HeadBranch(
                name, facts.earlier().generated() || facts.identity().isIn(name), true);
    }

    /** The checkout's own branch, where nothing forbids it. */
    private static Optional<Choice> checkedOut(PushPlan.Facts facts, BranchName generated) {
        Optional<BranchName> named = facts.checkout()
                .branch()
                .filter(HeadBranch::isUtf8)
                .filter(name -> BranchName.problem(name).isEmpty())
                .map(BranchName::of)
                .filter(name -> !name.equals(generated))
                .filter(name -> forbidden(name, facts.project(), facts.base()).isEmpty());
        if (named.isEmpty()) {
            return Optional.empty();
        }
        String name = named.get().value();
        Optional<ObjectId> tip = facts.tip(name);
        boolean isFree = tip.isEmpty() || tip.get().equals(facts.checkout().commit());
        Optional<Boolean> isOwn = isFree ? Optional.of(true) : facts.answers().ownBranch();
        if (isOwn.isEmpty()) {
            PushPlan.Ask ask = new PushPlan.Ask(PushPlan.Question.OWN_BRANCH, name);
            return Optional.of(new Choice(Optional.of(ask), Optional.empty()));
        }
        return isOwn.get() ? Optional.of(Choice.of(new HeadBranch(named.get(), false, false))) : Optional.empty();
    }

    private static Choice generated(BranchName generated, PushPlan.Facts facts) throws RefusedException {
        Optional<String> forbidden = forbidden(generated, facts.project(), facts.base());
        if (forbidden.isPresent()) {
            throw new RefusedException(
                    PublishReason.PROTECTED_BRANCH,
                    forbidden.get() + ", and its name was generated with the project's spec.branchPrefix: set"
                            + " spec.headBranch to another branch, or change the project's spec.branchPrefix or"
                            + " spec.protectedBranches.");
        }
        return Choice.of(new HeadBranch(generated, true, false));
    }

    private static BranchName generated(PushPlan.Facts facts) throws RefusedException {
        Identity identity = facts.identity();
        return GeneratedBranch.of(
                facts.project().branchPrefix(),
                identity.title(),
                identity.sourceUid(),
                identity.namespace(),
                identity.publishName());
    }

    /** A name that is not UTF-8 was changed when it was decoded: pushed, it would be another branch. */
    private static boolean isUtf8(String name) {
        return name.indexOf('\uFFFD') < 0;
    }

    /** What forbids the branch, as the begin of a sentence. */
    private static Optional<String> forbidden(BranchName name, Project project, Optional<String> base) {
        if (isSame(name, base)) {
            return Optional.of("The branch " + name + " is the base branch");
        }
        if (isSame(name, project.defaultBranch())) {
            return Optional.of("The branch " + name + " is the project's default branch");
        }
        return project.protectedBranches()
                .firstMatch(name)
                .map(pattern -> "The branch " + name + " is protected by the project (spec.protectedBranches: "
                        + pattern + ")");
    }

    private static boolean isSame(BranchName name, Optional<String> other) {
        return other.isPresent()
                && BranchName.problem(other.get()).isEmpty()
                && BranchPatterns.sameIgnoringCase(name, BranchName.of(other.get()));
    }
}
