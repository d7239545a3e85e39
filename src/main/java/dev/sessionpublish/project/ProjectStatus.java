package dev.sessionpublish.project;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionProjectStatus;
import dev.sessionpublish.api.v1alpha1.SessionProjectStatus.Permissions;
import dev.sessionpublish.api.v1alpha1.SessionProjectStatus.RateLimit;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.lifecycle.Conditions;
import dev.sessionpublish.lifecycle.Conditions.Status;
import dev.sessionpublish.lifecycle.Conditions.Wanted;
import dev.sessionpublish.lifecycle.StoredTime;
import dev.sessionpublish.outcome.RefusedException;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The one place where a project's status is built, and written by server-side apply. */
final class ProjectStatus {
    private static final Logger LOG = LoggerFactory.getLogger(ProjectStatus.class);
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("session-publish-operator")
            .withForce(true)
            .build();

    /** The end of the year 9999: beyond it there is no RFC 3339. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private final SessionProject project;
    private final Clock clock;
    private final @Nullable SessionProjectStatus stored;
    private @Nullable SessionProjectStatus next;

    ProjectStatus(SessionProject project, Clock clock) {
        this.project = project;
        this.clock = clock;
        this.stored = project.getStatus();
    }

    /** Whether this generation and this credential have been looked at, and it isn't time to look again. */
    boolean isUpToDate(String credentialsVersion) {
        return stored != null
                && project.getMetadata().getGeneration().equals(stored.observedGeneration())
                && credentialsVersion.equals(stored.credentialsVersion())
                && nextCheck().map(at -> at.isAfter(clock.instant())).orElse(true);
    }

    Optional<Instant> nextCheck() {
        return StoredTime.of(stored == null ? null : stored.nextCheckAt());
    }

    /** How often in a row it went wrong, as far as the last delay tells. */
    int failures() {
        Optional<Instant> since = Optional.ofNullable(stored)
                .map(SessionProjectStatus::conditions)
                .flatMap(all -> all.stream()
                        .filter(each -> each.getType().equals("Ready")
                                && each.getStatus().equals("False"))
                        .map(Condition::getLastTransitionTime)
                        .findFirst())
                .flatMap(StoredTime::of);
        long seconds = since.map(at -> Duration.between(at, clock.instant()).toSeconds())
                .orElse(0L);
        return seconds <= 0 ? 0 : 64 - Long.numberOfLeadingZeros(seconds / 5);
    }

    /** @param again when it is looked at again because nothing can be pushed */
    void found(String credentialsVersion, RepositoryCheck.Findings found, Optional<Instant> again) {
        String limits = found.api().filter(Forge.Repository::archived).isPresent()
                ? "The repository is archived: nothing can be pushed to it."
                : "The credential works.";
        next = new SessionProjectStatus(
                project.getMetadata().getGeneration(),
                found.repository(),
                found.defaultBranch().orElse(null),
                new Permissions(found.push().orElse(null), found.pullRequests().orElse(null)),
                found.api()
                        .map(Forge.Repository::rateLimit)
                        .flatMap(ProjectStatus::rateLimit)
                        .orElse(null),
                credentialsVersion,
                again.map(ProjectStatus::inSeconds).orElse(null),
                found.problem()
                        .map(why -> conditions(why, again))
                        .orElseGet(() -> conditions(Status.TRUE, "Ready", limits, false)));
    }

    void notReady(String credentialsVersion, RefusedException why, Optional<Instant> again) {
        next = new SessionProjectStatus(
                project.getMetadata().getGeneration(),
                stored == null ? null : stored.repository(),
                stored == null ? null : stored.defaultBranch(),
                null,
                null,
                credentialsVersion,
                again.map(ProjectStatus::inSeconds).orElse(null),
                conditions(why, again));
    }

    private static String inSeconds(Instant time) {
        return time.plusNanos(999_999_999).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private List<Condition> conditions(RefusedException why, Optional<Instant> again) {
        return conditions(Status.FALSE, why.reason().conditionReason(), why.getMessage(), again.isPresent());
    }

    private List<Condition> conditions(Status ready, String reason, String message, boolean goesOn) {
        boolean failed = ready == Status.FALSE && !goesOn;
        return new Conditions(clock)
                .merge(
                        stored == null ? null : stored.conditions(),
                        List.of(
                                new Wanted("Ready", ready, reason, message),
                                new Wanted("Reconciling", Status.of(goesOn), reason, goesOn ? message : ""),
                                new Wanted("Stalled", Status.of(failed), reason, failed ? message : "")),
                        project.getMetadata().getGeneration());
    }

    private static Optional<RateLimit> rateLimit(Forge.RateLimit limit) {
        return limit.limit() < 0
                ? Optional.empty()
                : Optional.of(new RateLimit(
                        limit.remaining(),
                        limit.limit(),
                        Instant.ofEpochSecond(Math.min(limit.resetAt(), LAST_SECOND))
                                .toString()));
    }

    void write(KubernetesClient client) {
        SessionProject applied = new SessionProject();
        applied.setMetadata(new ObjectMetaBuilder()
                .withNamespace(project.getMetadata().getNamespace())
                .withName(project.getMetadata().getName())
                .withUid(project.getMetadata().getUid())
                .build());
        applied.setStatus(next);
        client.resource(applied).subresource("status").patch(APPLY, applied);
        tell();
    }

    /** What is new of whether the project is ready; a repetition with the same result is told at DEBUG. */
    private void tell() {
        Optional<Condition> ready = ready(next);
        boolean same = ready.map(Condition::getMessage).equals(ready(stored).map(Condition::getMessage))
                && ready.map(Condition::getStatus).equals(ready(stored).map(Condition::getStatus));
        ready.ifPresent(each -> LOG.atLevel(same ? Level.DEBUG : Level.INFO)
                .addKeyValue("reason", each.getReason())
                .log("{}: {}", each.getStatus().equals("True") ? "Ready" : "Not ready", each.getMessage()));
    }

    private static Optional<Condition> ready(@Nullable SessionProjectStatus status) {
        return Optional.ofNullable(status).map(SessionProjectStatus::conditions).flatMap(all -> all.stream()
                .filter(each -> each.getType().equals("Ready"))
                .findFirst());
    }
}
