package dev.sessionpublish.sandbox;

import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.git.lfs.LfsObject;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a checkout said of itself: claims of the sandbox, bounded in size and checked in form, nothing more.
 *
 * @param branch the checked-out branch; empty when HEAD is detached
 * @param head HEAD's commit
 * @param commit what is to be published: {@code head}, or a commit of the uncommitted work on top of it
 * @param tree of {@code commit}
 * @param baseTree of the base's advertised tip, where the checkout has it
 * @param ahead commits of {@code commit} that the base's advertised tip lacks; empty where the checkout can't tell
 * @param behind the other way round
 * @param commits how many are new against what the checkout knows of the base; empty where it knows nothing
 * @param newest of these, the newest 50
 * @param contained whether {@code commit} is part of the base already
 * @param uncommittedFiles changed and untracked files, directories of untracked files counted once
 * @param operations merges, rebases and the like that are under way
 * @param locks lock files found
 * @param lfsObjects what new files that are Git LFS pointers stand for
 * @param unpushedSubmodules paths, as the sandbox gave them, of the first 20 submodules with a commit that none of
 *     their own remote-tracking refs contains
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
        List<Subject> newest,
        boolean contained,
        long uncommittedFiles,
        List<String> operations,
        List<String> locks,
        List<LfsObject> lfsObjects,
        List<String> unpushedSubmodules,
        boolean shallow,
        boolean partial) {

    /** @param text the first line of a commit's message, as the sandbox gave it */
    public record Subject(ObjectId commit, String text) {}
}
