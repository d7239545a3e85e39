package dev.sessionpublish.publish.plan;

import dev.sessionpublish.git.BranchName;
import dev.sessionpublish.git.BranchPatterns;
import dev.sessionpublish.git.GeneratedBranch;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.publish.PublishReason;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The branch that the work is pushed to: the one that the spec names; otherwise the checkout's own, unless it is the base
 * or protected; otherwise a generated one. A protected branch, the base and the project's default branch are never a head,
 * in any letter case.
 *
 * @param generated whether the name was generated for this publish
 */
public record HeadBranch(BranchName name, boolean generated) {

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
            throw new RefusedException(PublishReason.PROTECTED_BRANCH, forbidden.get());
        }
        return name;
    }

    /**
     * @param requested {@code spec.headBranch}
     * @param remembered the branch that this publish pushed to before: it stays there
     * @param checkedOut the checkout's branch, as the sandbox reports it
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
            return new HeadBranch(allowed(requested.get(), project, base), false);
        }
        BranchName generated = GeneratedBranch.of(
                project.branchPrefix(),
                identity.title(),
                identity.sourceUid(),
                identity.namespace(),
                identity.publishName());
        Optional<BranchName> own = remembered
                .or(() -> checkedOut.filter(HeadBranch::isUtf8))
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
                    forbidden.get()
                            + " The branch name was generated with the project's spec.branchPrefix: change that, or"
                            + " spec.protectedBranches.");
        }
        return new HeadBranch(generated, true);
    }

    /** A name that is not UTF-8 was changed when it was decoded: pushed, it would be another branch. */
    private static boolean isUtf8(String name) {
        return name.indexOf('\uFFFD') < 0;
    }

    private static Optional<String> forbidden(BranchName name, Project project, Optional<String> base) {
        if (isSame(name, base)) {
            return Optional.of("The branch " + name + " is the base branch: set spec.headBranch to another branch.");
        }
        if (isSame(name, project.defaultBranch())) {
            return Optional.of(
                    "The branch " + name + " is the project's default branch: set spec.headBranch to another branch.");
        }
        return project.protectedBranches()
                .firstMatch(name)
                .map(pattern -> "The branch " + name + " is protected by the project (spec.protectedBranches: "
                        + pattern + "): set spec.headBranch to another branch.");
    }

    private static boolean isSame(BranchName name, Optional<String> other) {
        return other.isPresent()
                && BranchName.problem(other.get()).isEmpty()
                && BranchPatterns.sameIgnoringCase(name, BranchName.of(other.get()));
    }
}
