package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.forge.AppReason;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.lifecycle.ControllerParts;
import dev.sessionpublish.lifecycle.LifecycleEvent;
import dev.sessionpublish.lifecycle.StatusWriter;
import dev.sessionpublish.lifecycle.Stored;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.RetryClass;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.project.Credentials;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.project.ProjectHold;
import dev.sessionpublish.project.ProjectMetrics;
import dev.sessionpublish.project.ProjectReason;
import dev.sessionpublish.project.ProjectTags;
import dev.sessionpublish.publish.plan.AdmissionRules;
import dev.sessionpublish.publish.plan.DeletionPlan;
import dev.sessionpublish.publish.pullrequest.ExistingPullRequest;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Carries out {@code deletionPolicy: ClosePullRequest}. A finalizer holds the object, and when it is deleted its pull
 * request is closed first, unless another publish has the same one. The pull request stays open, with an event that says
 * so, when nothing can close it any more: the project, its Secret or its token are gone, or its host isn't listed any
 * longer. Everything else is retried without end; {@code deletionPolicy: Orphan} releases the object at once.
 */
final class Deletion {
    private static final Set<Reason> CANNOT_BE_CLOSED = Set.of(
            ProjectReason.PROJECT_NOT_FOUND,
            ProjectReason.MISSING_CREDENTIALS,
            ProjectReason.UNSUPPORTED_PROVIDER,
            AppReason.APP_NOT_INSTALLED,
            SharedReason.NOT_FOUND,
            SharedReason.ARCHIVED,
            SharedReason.INVALID_REPO_URL,
            SharedReason.UNSUPPORTED_HOST);

    private final ControllerParts parts;
    private final KubernetesClient client;
    private final Forges forges;
    private final ProjectHold hold;
    private final ProjectMetrics metrics;
    private final StatusWriter<SessionPublish, SessionPublishStatus> writer;

    Deletion(
            ControllerParts parts,
            Forges forges,
            ProjectHold hold,
            ProjectMetrics metrics,
            StatusWriter<SessionPublish, SessionPublishStatus> writer) {
        this.parts = parts;
        this.client = parts.client();
        this.forges = forges;
        this.hold = hold;
        this.metrics = metrics;
        this.writer = writer;
    }

    /** Whether the finalizers of the object and of its project are there as the object's policy needs them. */
    static boolean isSettled(SessionPublish publish, Optional<SessionProject> project) {
        return isSettled(publish) && !ProjectHold.isMissing(publish, project);
    }

    private static boolean isSettled(SessionPublish publish) {
        return ProjectHold.FINALIZER.isOn(publish) == (closes(publish) && !publish.isMarkedForDeletion());
    }

    private static boolean closes(SessionPublish publish) {
        return publish.getSpec().closesPullRequest();
    }

    /**
     * Adds or removes the finalizers as the policy of an object that isn't being deleted needs them, the project's first:
     * one that nothing needs is found and removed.
     *
     * @return the object as stored
     * @throws io.fabric8.kubernetes.client.KubernetesClientException with code 409 when either has changed since it was
     *     read
     */
    SessionPublish settle(SessionPublish publish, Optional<SessionProject> project) {
        if (ProjectHold.isMissing(publish, project)) {
            hold.begin(project.orElseThrow());
        }
        if (isSettled(publish)) {
            return publish;
        }
        SessionPublish settled = ProjectHold.FINALIZER.set(client, publish, closes(publish));
        if (!closes(publish)) {
            hold.ended(publish);
        }
        return settled;
    }

    /** To be called when an object is gone. */
    void gone(SessionPublish publish) {
        if (closes(publish)) {
            hold.ended(publish);
        }
    }

    /**
     * Closes the pull request of an object that is being deleted, and releases the object.
     *
     * @return when to retry; empty when the object is released, or when the process stops before anything is sent
     */
    Optional<Duration> finish(SessionPublish publish) {
        if (!ProjectHold.FINALIZER.isOn(publish)) {
            return Optional.empty();
        }
        return parts.shutdown().run(() -> closeAndRelease(publish)).orElse(Optional.empty());
    }

    private Optional<Duration> closeAndRelease(SessionPublish publish) {
        PublishStatus status = PublishStatus.of(publish, parts.clock());
        try {
            close(publish, status);
        } catch (RefusedException e) {
            parts.shutdown().requireNotAbandoned();
            if (!CANNOT_BE_CLOSED.contains(e.reason())) {
                return Optional.of(retry(publish, status, e));
            }
            announce(publish, status, PublishEventFactory.pullRequestLeft(status, e));
        }
        ProjectHold.FINALIZER.remove(client, publish);
        return Optional.empty();
    }

    private void close(SessionPublish publish, PublishStatus status) throws RefusedException {
        boolean mayBeOpen = status.hasUnsettledPush()
                || status.history().hasSince(PublishEvent.GIT_PUSH_SUCCEEDED, PublishEvent.GIT_PR_STARTED);
        DeletionPlan plan = DeletionPlan.of(
                closes(publish) && status.phase() != SessionPublishStatus.Phase.Merged,
                status.pullRequestNumber(),
                mayBeOpen);
        if (plan instanceof DeletionPlan.LeaveOpen) {
            return;
        }
        Optional<SessionProject> stored = project(publish);
        if (stored.isEmpty()) {
            throw new RefusedException(
                    ProjectReason.PROJECT_NOT_FOUND,
                    "The SessionProject " + publish.getSpec().projectName()
                            + " was deleted. Close the pull request at the" + " forge if it is no longer needed.");
        }
        Project project = AdmissionRules.project(
                publish.getSpec(),
                stored,
                forges.hosts(),
                Optional.ofNullable(status.get().repository()));
        Forge forge = forges.open(
                project.host(),
                project.repository(),
                Credentials.read(client, forges, project).requirePullRequest());
        try {
            Optional<Integer> number = plan instanceof DeletionPlan.Close close
                    ? Optional.of(close.number())
                    : ExistingPullRequest.findOpen(
                                    forge, status.headBranch(), status.baseBranch(), status.pushedCommit())
                            .map(Forge.PullRequest::number);
            if (number.isPresent() && !isOfAnother(publish, number.get())) {
                parts.shutdown().beginSending();
                forge.close(number.get());
                announce(publish, status, PublishEventFactory.pullRequestClosed(status, number.get()));
            }
        } finally {
            metrics.rateLimit(ProjectTags.of(project), forge.rateLimit());
        }
    }

    private Optional<SessionProject> project(SessionPublish publish) {
        return Optional.ofNullable(client.resources(SessionProject.class)
                .inNamespace(publish.getMetadata().getNamespace())
                .withName(publish.getSpec().projectName())
                .get());
    }

    private boolean isOfAnother(SessionPublish publish, int number) {
        SessionPublishStatus own = publish.getStatus();
        return client
                .resources(SessionPublish.class)
                .inNamespace(publish.getMetadata().getNamespace())
                .list()
                .getItems()
                .stream()
                .filter(each -> !each.getMetadata()
                        .getUid()
                        .equals(publish.getMetadata().getUid()))
                .filter(each -> !each.isMarkedForDeletion() && each.getStatus() != null)
                .map(SessionPublish::getStatus)
                .anyMatch(each -> each.pullRequest() != null
                        && Objects.equals(each.pullRequest().number(), number)
                        && Objects.equals(each.repository(), own.repository()));
    }

    private Duration retry(SessionPublish publish, PublishStatus status, RefusedException why) {
        int attempt = status.attempts() + 1;
        Duration delay = parts.backoff()
                .delay(RetryClass.BACKOFF, attempt, why.retryAfter())
                .orElseThrow();
        Instant next = parts.clock().instant().plus(delay);
        PublishStatus retried = PullRequestTransitions.closeRetried(status, attempt, why, next);
        PublishLog.ended(
                publish.getStatus(),
                writer.write(Stored.of(publish), retried.build()).getStatus());
        return delay;
    }

    /** The object is gone with its history: the event has the ordinal that would be next in it. */
    private void announce(SessionPublish publish, PublishStatus status, LifecycleEvent event) {
        parts.events()
                .record(
                        publish,
                        status.runId(),
                        event.withOrdinal(status.history().nextOrdinal()));
    }
}
