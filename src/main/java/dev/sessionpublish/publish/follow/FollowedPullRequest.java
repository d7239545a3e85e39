package dev.sessionpublish.publish.follow;

import dev.sessionpublish.api.v1alpha1.ObservedPullRequest;
import dev.sessionpublish.api.v1alpha1.ObservedPullRequest.Mergeable;
import dev.sessionpublish.forge.PullRequestRef;
import dev.sessionpublish.forge.PullRequestSnapshot;
import dev.sessionpublish.git.RepositoryUrl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One pull request that is followed. Guarded by {@link FollowedPullRequests}, apart from what is final. */
final class FollowedPullRequest {
    /** The publish. */
    final ResourceID id;

    /** The web URL of the repository. */
    final String repository;

    final String project;
    final int number;
    ObservedPullRequest known;
    String baseBranch;
    /** The last change that the forge or the operator has seen. */
    Instant changedAt;

    Instant due;

    @Nullable
    Instant updatedAt;

    @Nullable
    Instant failingSince;

    int failures;

    FollowedPullRequest(
            ResourceID id,
            String repository,
            String project,
            ObservedPullRequest known,
            String baseBranch,
            Instant changedAt) {
        this.id = id;
        this.repository = repository;
        this.project = project;
        this.number = Objects.requireNonNull(known.number());
        this.known = known;
        this.baseBranch = baseBranch;
        this.changedAt = changedAt;
        this.due = changedAt;
    }

    String namespace() {
        return id.getNamespace().orElse("");
    }

    Cadence.Pace pace(Cadence cadence, Instant now) {
        return cadence.pace(known, Duration.between(changedAt, now));
    }

    PullRequestRef ref(RepositoryUrl url, boolean settling) {
        return new PullRequestRef(
                url,
                number,
                Optional.ofNullable(known.nodeId()),
                settling,
                mergeable(known.mergeable()),
                Optional.ofNullable(updatedAt));
    }

    private static PullRequestSnapshot.Mergeable mergeable(@Nullable Mergeable known) {
        if (known == Mergeable.True) {
            return PullRequestSnapshot.Mergeable.TRUE;
        }
        return known == Mergeable.False ? PullRequestSnapshot.Mergeable.FALSE : PullRequestSnapshot.Mergeable.UNKNOWN;
    }
}
