package dev.sessionpublish.publish;

import dev.sessionpublish.git.BranchName;
import dev.sessionpublish.git.BranchPatterns;
import dev.sessionpublish.git.GeneratedBranch;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.project.Project;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which branch the work goes to: the one asked for; else the checkout's own, unless it is the base or protected; else a
 * generated one. A protected branch, the base and the project's default branch are never a head, in any letter case.
 *
 * @param generated whether the name is this publish's own
 */
record HeadBranch(BranchName name, boolean generated) {

    /**
     * What a generated name is made of.
     *
     * @param earlierSourceUid of the pod that the publish has found before: its name stays although the pod is replaced
     */
    record Identity(
            String title, String sourceUid, Optional<String> earlierSourceUid, String namespace, String publishName) {

        boolean isIn(BranchName name) {
            return Stream.concat(Stream.of(sourceUid), earlierSourceUid.stream())
                    .anyMatch(uid -> GeneratedBranch.isFor(name, uid, namespace, publishName));
        }
    }

    /** @throws RefusedException invalid-branch, protected-branch */
    static Optional<BranchName> requested(Optional<String> asked, Project project, Optional<String> base)
            throws RefusedException {
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> problem = BranchName.problem(asked.get());
        if (problem.isPresent()) {
            throw new RefusedException(
                    SharedReason.INVALID_BRANCH, "spec.headBranch is no name for a branch: " + problem.get());
        }
        BranchName name = BranchName.of(asked.get());
        Optional<String> forbidden = forbidden(name, project, base);
        if (forbidden.isPresent()) {
            throw new RefusedException(PublishReason.PROTECTED_BRANCH, forbidden.get());
        }
        return Optional.of(name);
    }

    /**
     * @param remembered where this publish has pushed before: it stays there
     * @param checkedOut the checkout's branch, as the sandbox says
     */
    static HeadBranch resolve(
            Optional<BranchName> requested,
            Optional<String> remembered,
            Optional<String> checkedOut,
            Project project,
            Optional<String> base,
            Identity identity)
            throws RefusedException {
        if (requested.isPresent()) {
            return new HeadBranch(requested.get(), false);
        }
        BranchName generated = GeneratedBranch.of(
                project.branchPrefix(),
                identity.title(),
                identity.sourceUid(),
                identity.namespace(),
                identity.publishName());
        Optional<BranchName> own = remembered
                .or(() -> checkedOut.filter(HeadBranch::isWhatTheBytesSaid))
                .filter(name -> BranchName.problem(name).isEmpty())
                .map(BranchName::of)
                .filter(name -> forbidden(name, project, base).isEmpty());
        if (own.isPresent()) {
            boolean ours = remembered.isPresent()
                    ? identity.isIn(own.get())
                    : own.get().equals(generated);
            return new HeadBranch(own.get(), ours);
        }
        Optional<String> forbidden = forbidden(generated, project, base);
        if (forbidden.isPresent()) {
            throw new RefusedException(
                    PublishReason.PROTECTED_BRANCH,
                    forbidden.get() + " The project's branchPrefix leads there: change it or spec.protectedBranches.");
        }
        return new HeadBranch(generated, true);
    }

    /** A name of bytes that are no UTF-8 has lost them on its way: pushed, it would be another. */
    private static boolean isWhatTheBytesSaid(String name) {
        return name.indexOf('\uFFFD') < 0;
    }

    private static Optional<String> forbidden(BranchName name, Project project, Optional<String> base) {
        if (isSame(name, base)) {
            return Optional.of("The branch " + name + " is the base itself: name another in spec.headBranch.");
        }
        if (isSame(name, project.defaultBranch())) {
            return Optional.of(
                    "The branch " + name + " is the project's default branch: name another in spec.headBranch.");
        }
        return project.protectedBranches()
                .firstMatch(name)
                .map(pattern -> "The branch " + name + " is protected by the project (" + pattern
                        + "): name another in spec.headBranch.");
    }

    private static boolean isSame(BranchName name, Optional<String> other) {
        return other.isPresent()
                && BranchName.problem(other.get()).isEmpty()
                && BranchPatterns.sameIgnoringCase(name, BranchName.of(other.get()));
    }
}
