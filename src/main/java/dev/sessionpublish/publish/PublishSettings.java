package dev.sessionpublish.publish;

import dev.sessionpublish.project.Project;
import dev.sessionpublish.publish.follow.Cadence;
import dev.sessionpublish.publish.push.PackLimit;
import dev.sessionpublish.sandbox.ExecLimits;
import java.time.Duration;

/**
 * What the cluster administrator sets for all publishes.
 *
 * @param enabled false to validate publishes without pushing or opening a pull request
 * @param parallelPerNamespace how many publishes of one namespace run at the same time
 * @param maxPackBytes the largest pack that is relayed
 * @param progressInterval between two status writes about the progress of a long push
 * @param follow how often a pull request is read
 * @param author of the commit that {@code uncommittedChanges: Commit} makes
 */
public record PublishSettings(
        boolean enabled,
        Workspace workspace,
        ExecLimits execLimits,
        int parallelPerNamespace,
        long maxPackBytes,
        Duration progressInterval,
        Author author,
        Cadence follow) {

    /** The largest pack that is relayed for a project. */
    public PackLimit packLimit(Project project) {
        return PackLimit.of(project, maxPackBytes);
    }

    /**
     * Where checkouts are, in the sandbox.
     *
     * @param root every checkout is at this directory or below it
     * @param directory the checkout's directory when a publish names none
     * @param podSelector labels of the pods that may be exec'd into, as kubectl takes them
     */
    public record Workspace(String root, String directory, String podSelector) {}

    /** Name and address, as git writes them into a commit. */
    public record Author(String name, String email) {}
}
