package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishSpec.DeletionPolicy;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.lifecycle.Backoff;
import dev.sessionpublish.lifecycle.ControllerParts;
import dev.sessionpublish.lifecycle.LifecycleEvents;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.RetryClass;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.project.Credentials;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.project.ProjectMetrics;
import dev.sessionpublish.project.ProjectReason;
import dev.sessionpublish.project.ProjectTags;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What {@code deletionPolicy: ClosePullRequest} asks for: the object is held by a finalizer, and when it is deleted its
 * pull request is closed first, unless another publish has the same one. The pull request is left open, and that is
 * told, when nothing can close it any more: project, Secret or token are gone, as they are when a namespace is deleted,
 * or the host isn't listed any longer. All else is tried again for as long as it takes; {@code deletionPolicy: Orphan}
 * lets go at once.
 */
final class Deletion {
    static final String FINALIZER = "sessionpublish.dev/close-pull-request";

    private static final PatchContext MERGE = new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager(StatusWriter.FIELD_MANAGER)
            .build();
    private static final Set<Reason> BEYOND_REACH = Set.of(
            ProjectReason.PROJECT_NOT_FOUND,
            ProjectReason.MISSING_CREDENTIALS,
            SharedReason.NOT_FOUND,
            SharedReason.ARCHIVED,
            SharedReason.INVALID_REPO_URL,
            SharedReason.UNSUPPORTED_HOST,
            ProjectReason.UNSUPPORTED_PROVIDER);

    private final KubernetesClient client;
    private final Forges forges;
    private final ProjectMetrics metrics;
    private final LifecycleEvents events;
    private final StatusWriter writer;
    private final Backoff backoff;
    private final Clock clock;

    Deletion(ControllerParts parts, Forges forges, ProjectMetrics metrics, StatusWriter writer) {
        this.client = parts.client();
        this.forges = forges;
        this.metrics = metrics;
        this.events = parts.events();
        this.writer = writer;
        this.backoff = parts.backoff();
        this.clock = parts.clock();
    }

    /** Whether the object is held as its policy wants it; one that is being deleted is settled when nothing holds it. */
    static boolean isSettled(SessionPublish publish) {
        return isHeld(publish) == (wantsClosing(publish) && !publish.isMarkedForDeletion());
    }

    private static boolean isHeld(SessionPublish publish) {
        return publish.getMetadata().getFinalizers().contains(FINALIZER);
    }

    private static boolean wantsClosing(SessionPublish publish) {
        return publish.getSpec().deletionPolicy() == DeletionPolicy.ClosePullRequest;
    }

    /**
     * Holds the object, or lets go of it.
     *
     * @return the object as stored
     * @throws io.fabric8.kubernetes.client.KubernetesClientException with code 409 when it has changed since it was read
     */
    SessionPublish hold(SessionPublish publish, boolean held) {
        List<String> others = publish.getMetadata().getFinalizers().stream()
                .filter(each -> !each.equals(FINALIZER))
                .toList();
        List<String> all =
                held ? Stream.concat(others.stream(), Stream.of(FINALIZER)).toList() : others;
        String patch = Serialization.asJson(Map.of(
                "metadata",
                Map.of(
                        "resourceVersion",
                        publish.getMetadata().getResourceVersion(),
                        "uid",
                        publish.getMetadata().getUid(),
                        "finalizers",
                        all)));
        return client.resource(publish).patch(MERGE, patch);
    }

    /** As {@link #hold(SessionPublish, boolean)}, as its policy wants it. */
    SessionPublish settle(SessionPublish publish) {
        return isSettled(publish) ? publish : hold(publish, wantsClosing(publish));
    }

    /**
     * Closes the pull request of an object that is being deleted, and lets go of it.
     *
     * @return when to try again; empty when the object is let go of
     */
    Optional<Duration> finish(SessionPublish publish) {
        if (!isHeld(publish)) {
            return Optional.empty();
        }
        PublishStatus draft = new PublishStatus(publish, clock);
        try {
            if (wantsClosing(publish)) {
                close(publish, draft);
            }
        } catch (RefusedException e) {
            if (!BEYOND_REACH.contains(e.reason())) {
                return Optional.of(later(publish, draft, e));
            }
            tell(publish, draft, PublishEvent.GIT_PR_LEFT, "The pull request stays as it is: " + e.getMessage());
        }
        hold(publish, false);
        return Optional.empty();
    }

    private void close(SessionPublish publish, PublishStatus draft) throws RefusedException {
        boolean mayHaveOpened = draft.isRecordedSince(PublishEvent.GIT_PUSH_SUCCEEDED, PublishEvent.GIT_PR_STARTED);
        Optional<Integer> known = draft.pullRequestNumber();
        if (known.isEmpty() && !mayHaveOpened) {
            return;
        }
        Project project = project(publish, draft);
        Forge forge = forges.open(
                project.host(),
                project.repository(),
                Credentials.read(client, project).requirePullRequest());
        Optional<Integer> number;
        try {
            number = known.isPresent() ? known : opened(draft, forge);
            if (number.isEmpty() || isOfAnother(publish, number.get())) {
                return;
            }
            forge.close(number.get());
        } finally {
            metrics.rateLimit(ProjectTags.of(project), forge.rateLimit());
        }
        tell(publish, draft, PublishEvent.GIT_PR_CLOSED, "Closed pull request #" + number.get() + ".");
    }

    private Project project(SessionPublish publish, PublishStatus draft) throws RefusedException {
        String name = PublishRun.projectName(publish);
        Optional<SessionProject> stored = Optional.ofNullable(client.resources(SessionProject.class)
                .inNamespace(publish.getMetadata().getNamespace())
                .withName(name)
                .get());
        Project project = Project.of(
                stored.orElseThrow(() -> new RefusedException(
                        ProjectReason.PROJECT_NOT_FOUND, "The SessionProject " + name + " is gone.")),
                forges.hosts());
        project.requireRepository(draft.repository());
        return project;
    }

    /** The one that a run may have opened before it was cut short: open, of the pair, with the commit that was pushed. */
    private static Optional<Integer> opened(PublishStatus draft, Forge forge) throws RefusedException {
        return forge.pullRequestsOf(draft.headBranch().orElse("")).stream()
                .filter(each -> each.state() == Forge.State.OPEN
                        && each.baseBranch().equals(draft.baseBranch().orElse(""))
                        && each.headCommit().equals(draft.commit().orElse("")))
                .map(Forge.PullRequest::number)
                .findFirst();
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

    private Duration later(SessionPublish publish, PublishStatus draft, RefusedException failure) {
        int attempt = draft.attempts() + 1;
        Duration delay =
                backoff.delay(RetryClass.BACKOFF, attempt, failure.retryAfter()).orElseThrow();
        Instant next = clock.instant().plus(delay);
        draft.closingDelayed(
                attempt,
                "Being deleted; the pull request could not be closed and is tried again: " + failure.getMessage()
                        + " Set spec.deletionPolicy to Orphan to leave it open.",
                next);
        PublishLog.left(publish.getStatus(), writer.write(publish, draft).getStatus());
        return delay;
    }

    private void tell(SessionPublish publish, PublishStatus draft, PublishEvent type, String sentence) {
        Journal journal = new Journal(events, publish, draft);
        Map<String, String> data = journal.data(
                "pr-url", draft.pullRequestUrl().orElse(""),
                "head-branch", draft.headBranch().orElse(""),
                "base-branch", draft.baseBranch().orElse(""));
        journal.tell(type, 1, data, sentence);
    }
}
