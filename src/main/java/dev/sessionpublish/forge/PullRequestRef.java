package dev.sessionpublish.forge;

import dev.sessionpublish.git.RepositoryUrl;
import java.time.Instant;
import java.util.Optional;

/**
 * A pull request to read, with what is known of it from the last time.
 *
 * @param repository a repository of the forge that is asked
 * @param nodeId GitHub's global id of the pull request, if it is known
 * @param settling whether checks are running or the forge computes whether it can be merged, so that a forge that charges
 *     extra requests for them is to spend these
 * @param mergeable as last read; UNKNOWN if it was never read
 * @param updatedAt as last read
 */
public record PullRequestRef(
        RepositoryUrl repository,
        int number,
        Optional<String> nodeId,
        boolean settling,
        PullRequestSnapshot.Mergeable mergeable,
        Optional<Instant> updatedAt) {

    /** A pull request of which nothing but its number is known. */
    public static PullRequestRef of(RepositoryUrl repository, int number) {
        return new PullRequestRef(
                repository, number, Optional.empty(), true, PullRequestSnapshot.Mergeable.UNKNOWN, Optional.empty());
    }
}
