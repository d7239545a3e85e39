package dev.sessionpublish.project;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionProjectStatus;
import dev.sessionpublish.api.v1alpha1.SessionProjectStatus.GitHubApp;
import dev.sessionpublish.api.v1alpha1.SessionProjectStatus.Permissions;
import dev.sessionpublish.api.v1alpha1.SessionProjectStatus.RateLimit;
import dev.sessionpublish.api.v1alpha1.SessionProjectStatusBuilder;
import dev.sessionpublish.forge.AppInstallation;
import dev.sessionpublish.forge.AppPermission;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.lifecycle.Conditions;
import dev.sessionpublish.lifecycle.Conditions.Status;
import dev.sessionpublish.lifecycle.Conditions.Wanted;
import dev.sessionpublish.lifecycle.StoredTime;
import dev.sessionpublish.outcome.RefusedException;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The stored status of one project, and the statuses that can follow it. The only place where one is built. */
record ProjectStatus(SessionProject project, Clock clock) {
    /** The end of the year 9999, the last that RFC 3339 can express. */
    private static final long LAST_SECOND = 253_402_300_799L;

    /** The shortest delay after the first failure, with the default settings. */
    private static final int SHORTEST_FIRST_DELAY = 2;

    private static final int MOST_NAMED = 5;

    private @Nullable SessionProjectStatus stored() {
        return project.getStatus();
    }

    private long generation() {
        return project.getMetadata().getGeneration();
    }

    /** Whether this generation and this credential were checked, and no further check is due. */
    boolean isUpToDate(String credentialsVersion) {
        SessionProjectStatus stored = stored();
        return stored != null
                && Optional.ofNullable(stored.observedGeneration()).equals(Optional.of(generation()))
                && credentialsVersion.equals(stored.credentialsVersion())
                && nextCheck().map(at -> at.isAfter(clock.instant())).orElse(true);
    }

    Optional<Instant> nextCheck() {
        return Optional.ofNullable(stored())
                .map(SessionProjectStatus::nextCheckAt)
                .flatMap(StoredTime::of);
    }

    /** How many checks failed in a row, at most: estimated from the time since the first failure, because delays double. */
    int failures() {
        long seconds = ready(stored())
                .filter(each -> each.getStatus().equals("False"))
                .map(Condition::getLastTransitionTime)
                .flatMap(StoredTime::of)
                .map(at -> Duration.between(at, clock.instant()).toSeconds())
                .orElse(0L);
        return seconds <= 0 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(seconds / SHORTEST_FIRST_DELAY);
    }

    /** @param again when the next check is due, because nothing can be pushed */
    SessionProjectStatus checked(String credentialsVersion, RepositoryCheck.Findings found, Optional<Instant> again) {
        return SessionProjectStatusBuilder.builder()
                .observedGeneration(generation())
                .repository(found.repository())
                .defaultBranch(found.defaultBranch().orElse(null))
                .permissions(new Permissions(
                        found.push().orElse(null), found.pullRequests().orElse(null)))
                .githubApp(found.app().map(ProjectStatus::githubApp).orElse(null))
                .rateLimit(found.api()
                        .map(Forge.Repository::rateLimit)
                        .flatMap(ProjectStatus::rateLimit)
                        .orElse(null))
                .credentialsVersion(credentialsVersion)
                .nextCheckAt(again.map(StoredTime::notBefore).orElse(null))
                .conditions(found.problem()
                        .map(why -> conditions(why, again))
                        .orElseGet(() -> conditions(Status.TRUE, "Ready", works(found), false)))
                .build();
    }

    /** What was found to work, and what was not. */
    private static String works(RepositoryCheck.Findings found) {
        if (found.push().isEmpty()) {
            return "The credential can read the repository. Pushes are disabled: set spec.push.enabled to true to publish.";
        }
        if (found.api().isEmpty()) {
            return "The credential works for pushes. There is no token for pull requests, and publishes that want one end as"
                    + " ManualPullRequestRequired: add the key token or pull-request-token to the Secret.";
        }
        if (found.app().isPresent()) {
            return worksWith(found.app().get());
        }
        return found.api().get().pullRequests()
                ? "The credential works: the token's owner may push. What the token itself may do shows in the first"
                        + " publish."
                : "The credential works for pushes. Pull requests are disabled in the repository, and publishes that want"
                        + " one end as ManualPullRequestRequired: enable them in its settings.";
    }

    private static String worksWith(AppInstallation app) {
        return app.missing().isEmpty()
                ? "The GitHub App " + app.slug() + " may push and open pull requests."
                : "The GitHub App " + app.slug() + " may push. " + app.problem();
    }

    private static GitHubApp githubApp(AppInstallation app) {
        return new GitHubApp(
                app.slug(),
                app.id(),
                app.account(),
                app.permissions(),
                app.missing().stream().map(AppPermission::toString).toList());
    }

    /** @param again when the next check is due; empty when none is */
    SessionProjectStatus notReady(String credentialsVersion, RefusedException why, Optional<Instant> again) {
        SessionProjectStatus stored = stored();
        return SessionProjectStatusBuilder.builder()
                .observedGeneration(generation())
                .repository(stored == null ? null : stored.repository())
                .defaultBranch(stored == null ? null : stored.defaultBranch())
                .githubApp(
                        stored == null || !credentialsVersion.equals(stored.credentialsVersion())
                                ? null
                                : stored.githubApp())
                .credentialsVersion(credentialsVersion)
                .nextCheckAt(again.map(StoredTime::notBefore).orElse(null))
                .conditions(conditions(why, again))
                .build();
    }

    /** @param publishes whose pull requests are to be closed before the project goes; at least one */
    SessionProjectStatus held(List<String> publishes) {
        SessionProjectStatus stored = stored();
        int more = publishes.size() - MOST_NAMED;
        String message = "Is being deleted, and stays until these publishes are gone, because it takes the project to"
                + " close their pull requests (spec.deletionPolicy is ClosePullRequest): "
                + publishes.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "")
                + ". Delete them, or set their spec.deletionPolicy to Orphan.";
        SessionProjectStatusBuilder held =
                stored == null ? SessionProjectStatusBuilder.builder() : SessionProjectStatusBuilder.builder(stored);
        return held.observedGeneration(generation())
                .nextCheckAt(null)
                .conditions(conditions(Status.FALSE, "Deleting", message, true))
                .build();
    }

    private List<Condition> conditions(RefusedException why, Optional<Instant> again) {
        return conditions(Status.FALSE, why.reason().conditionReason(), why.getMessage(), again.isPresent());
    }

    private List<Condition> conditions(Status ready, String reason, String message, boolean retried) {
        boolean failed = ready == Status.FALSE && !retried;
        SessionProjectStatus stored = stored();
        return new Conditions(clock)
                .merge(
                        stored == null ? null : stored.conditions(),
                        List.of(
                                new Wanted("Ready", ready, reason, message),
                                new Wanted("Reconciling", Status.of(retried), reason, retried ? message : ""),
                                new Wanted("Stalled", Status.of(failed), reason, failed ? message : "")),
                        generation());
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

    static Optional<Condition> ready(@Nullable SessionProjectStatus status) {
        return Optional.ofNullable(status).map(SessionProjectStatus::conditions).flatMap(all -> all.stream()
                .filter(each -> each.getType().equals("Ready"))
                .findFirst());
    }
}
