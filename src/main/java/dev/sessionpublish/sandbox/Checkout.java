package dev.sessionpublish.sandbox;

import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.git.lfs.LfsObject;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The state of a checkout, as the sandbox reports it. The values are bounded in size and checked in form, but not
 * trusted.
 *
 * @param branch the checked-out branch; empty if HEAD is detached
 * @param head HEAD's commit
 * @param commit the commit to publish: {@code head}, or a commit of the uncommitted changes on top of it
 * @param tree the tree of {@code commit}
 * @param baseTree the tree of the base branch's advertised tip, if the checkout has it
 * @param ahead the number of commits that {@code commit} has and the base's advertised tip lacks; empty if unknown
 * @param behind the number of commits that the base's advertised tip has and {@code commit} lacks; empty if unknown
 * @param commits the number of commits that the base's advertised tip lacks, or, if the checkout does not have that tip,
 *     at least one that its remote-tracking refs of the base lack; empty if the checkout does not show where the work begins
 * @param changedFiles the number of files in which {@code commit} differs from its merge base with the base's advertised
 *     tip, or with remote-tracking refs of the base if the checkout does not have that tip; all files if the remote has no
 *     base; empty if it was not asked for or is unknown
 * @param newest the newest 50 of these commits
 * @param contained whether the base's advertised tip contains {@code commit}, if the checkout has that tip
 * @param tracked a commit of the checkout's remote-tracking ref of the base: if the forge's base contains it, {@code commit}
 *     adds nothing. That ref may be outdated, or of another repository than the forge's
 * @param uncommittedFiles the number of changed and untracked files; a directory of untracked files counts once
 * @param operations merges, rebases and similar operations in progress
 * @param locks lock files found
 * @param lfsObjects the LFS objects that new pointer files refer to
 * @param unpushedSubmodules the paths, as the sandbox reports them, of the first 20 submodules with a commit that none
 *     of their remote-tracking refs contains
 */
@RecordBuilder
@RecordBuilder.Options(enableGetters = false)
public record Checkout(
        Optional<String> branch,
        ObjectId head,
        ObjectId commit,
        ObjectId tree,
        Optional<ObjectId> baseTree,
        OptionalLong ahead,
        OptionalLong behind,
        OptionalLong commits,
        OptionalLong changedFiles,
        List<Subject> newest,
        boolean contained,
        Optional<ObjectId> tracked,
        long uncommittedFiles,
        List<String> operations,
        List<String> locks,
        List<LfsObject> lfsObjects,
        List<String> unpushedSubmodules,
        boolean shallow,
        boolean partial) {

    /** @param text the first line of the commit message, as the sandbox reports it */
    public record Subject(ObjectId commit, String text) {}
}
