package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Push;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.forge.PullRequestReason;
import dev.sessionpublish.lifecycle.Backoff;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.project.ProjectMetrics;
import dev.sessionpublish.project.ProjectTags;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * From the branch to the pull request: opened, or one that is there adopted, or a link handed over by which a person
 * opens it. Nothing that happens here makes a good push a failed one.
 */
final class PullRequestStage {
    /** After so many failures a person is asked, while the operator goes on trying. */
    private static final int PATIENCE = 3;

    private final Forges forges;
    private final Backoff backoff;
    private final boolean enabled;
    private final ProjectMetrics metrics;
    private final Clock clock;

    PullRequestStage(Forges forges, boolean enabled, ProjectMetrics metrics, Backoff backoff, Clock clock) {
        this.forges = forges;
        this.enabled = enabled;
        this.metrics = metrics;
        this.backoff = backoff;
        this.clock = clock;
    }

    /** Why no pull request will even be tried; empty when one will. */
    Optional<RefusedException> refusal(Attempt attempt) {
        if (!enabled) {
            return Optional.of(new RefusedException(
                    PublishReason.PUBLISHING_DISABLED,
                    "The operator is set to open none; it does by itself when publishing is switched on."));
        }
        if (!attempt.project().pullRequests().enabled()) {
            return Optional.of(new RefusedException(
                    PullRequestReason.PULL_REQUESTS_DISABLED,
                    "The project opens no pull requests (spec.pullRequests.enabled is false): open it from the link."));
        }
        try {
            attempt.credentials().requirePullRequest();
            return Optional.empty();
        } catch (RefusedException e) {
            return Optional.of(e);
        }
    }

    private static Map<String, String> startedData(Attempt attempt) {
        return attempt.journal()
                .data(
                        "head-branch", attempt.draft().headBranch().orElse(""),
                        "base-branch", attempt.draft().baseBranch().orElse(""));
    }

    /** Notes that a pull request is about to be opened, if one will be; {@link #run} tells it. */
    void noteStarted(Attempt attempt) {
        if (refusal(attempt).isEmpty()) {
            attempt.journal().note(PublishEvent.GIT_PR_STARTED, startedData(attempt));
        }
    }

    /** The first attempt of a run tells that it began, also when it is taken up after a crash. */
    private static void tellStarted(Attempt attempt) {
        if (attempt.number() == 1) {
            attempt.journal()
                    .tell(
                            PublishEvent.GIT_PR_STARTED,
                            1,
                            startedData(attempt),
                            "Opening a pull request from "
                                    + attempt.draft().headBranch().orElse("") + " to "
                                    + attempt.draft().baseBranch().orElse("") + ".");
        }
    }

    /**
     * Ends with a pull request, a link, or a time to try again in the draft; all is told and noted, nothing written.
     *
     * @param mayBeOpen whether there may be a pull request of the branch already
     */
    void run(Attempt attempt, boolean mayBeOpen) {
        Optional<RefusedException> refusal = refusal(attempt);
        if (refusal.isPresent()) {
            handOver(attempt, refusal.get(), Optional.empty());
            return;
        }
        tellStarted(attempt);
        try {
            Forge forge = forges.open(
                    attempt.project().host(),
                    attempt.project().repository(),
                    attempt.credentials().requirePullRequest());
            try {
                openOrAdopt(attempt, forge, mayBeOpen || isUpdate(attempt));
            } finally {
                metrics.rateLimit(ProjectTags.of(attempt.project()), forge.rateLimit());
            }
        } catch (RefusedException e) {
            failed(attempt, e);
        }
    }

    private static boolean isUpdate(Attempt attempt) {
        return attempt.draft().push().map(Push::previousCommit).isPresent();
    }

    private void openOrAdopt(Attempt attempt, Forge forge, boolean lookFirst) throws RefusedException {
        Optional<Forge.PullRequest> there = lookFirst ? existing(attempt, forge) : Optional.empty();
        if (there.isPresent()) {
            List<String> notes = isCutShort(attempt, there.get())
                    ? forge.complete(there.get().number(), request(attempt))
                    : List.of();
            succeeded(attempt, there.get(), true, notes);
            return;
        }
        try {
            Forge.Opened opened = forge.open(request(attempt));
            succeeded(attempt, opened.pullRequest(), false, opened.notes());
        } catch (Forge.PullRequestExistsException e) {
            Forge.PullRequest found = inTheWay(e, attempt, forge)
                    .orElseThrow(() -> new RefusedException(
                            SharedReason.SERVER_ERROR,
                            "The forge says that there is a pull request, and doesn't list it: " + e.getMessage()));
            succeeded(attempt, found, true, List.of());
        }
    }

    /** Whether a run before this one may have opened it, and have died before it had asked for its labels and people. */
    private static boolean isCutShort(Attempt attempt, Forge.PullRequest found) {
        SessionPublishStatus stored = attempt.publish().getStatus();
        return stored != null
                && stored.phase() == Phase.OpeningPullRequest
                && !attempt.draft().hasPullRequest()
                && found.state() == Forge.State.OPEN;
    }

    /** The one that the forge names, where it does: then it need not be looked for. */
    private static Optional<Forge.PullRequest> inTheWay(
            Forge.PullRequestExistsException refusal, Attempt attempt, Forge forge) throws RefusedException {
        if (refusal.number().isPresent()) {
            Forge.PullRequest named = forge.pullRequest(refusal.number().getAsInt());
            if (named.state() == Forge.State.OPEN
                    && named.headBranch().equals(attempt.draft().headBranch().orElse(""))
                    && named.baseBranch().equals(attempt.draft().baseBranch().orElse(""))) {
                return Optional.of(named);
            }
        }
        return existing(attempt, forge);
    }

    /** An open one of the pair; else a merged one that holds this very commit. */
    private static Optional<Forge.PullRequest> existing(Attempt attempt, Forge forge) throws RefusedException {
        PublishStatus draft = attempt.draft();
        List<Forge.PullRequest> ofHead = forge.pullRequestsOf(draft.headBranch().orElse("")).stream()
                .filter(each -> each.baseBranch().equals(draft.baseBranch().orElse("")))
                .toList();
        Stream<Forge.PullRequest> merged = ofHead.stream()
                .filter(each -> each.state() == Forge.State.MERGED)
                .filter(each -> each.headCommit().equals(draft.commit().orElse("")));
        return Stream.concat(ofHead.stream().filter(each -> each.state() == Forge.State.OPEN), merged)
                .findFirst();
    }

    private static Forge.NewPullRequest request(Attempt attempt) {
        SessionPublishSpec spec = attempt.spec();
        return new Forge.NewPullRequest(
                attempt.draft().headBranch().orElse(""),
                attempt.draft().baseBranch().orElse(""),
                Texts.title(attempt.publish(), attempt.draft()),
                Texts.body(attempt.publish(), attempt.draft()),
                spec.draft() == null ? attempt.project().pullRequests().draft() : spec.draft(),
                together(attempt.project().pullRequests().labels(), spec.labels()),
                together(attempt.project().pullRequests().reviewers(), spec.reviewers()),
                together(List.of(), spec.assignees()));
    }

    private static List<String> together(List<String> ofProject, @Nullable List<String> own) {
        return Stream.concat(ofProject.stream(), own == null ? Stream.empty() : own.stream())
                .distinct()
                .toList();
    }

    private void succeeded(Attempt attempt, Forge.PullRequest found, boolean adopted, List<String> notes) {
        Map<String, String> data = attempt.journal()
                .data(
                        "pr-url", found.url(),
                        "head-branch", found.headBranch(),
                        "base-branch", found.baseBranch());
        boolean known = attempt.draft().isPullRequest(found.number());
        String verb = adopted ? verbOf(found, known) : "Opened ";
        String sentence =
                verb + "pull request #" + found.number() + ", " + found.url() + ". " + String.join(" ", notes);
        attempt.journal().tellAndNote(PublishEvent.GIT_PR_SUCCEEDED, attempt.number(), data, sentence.strip());
        attempt.draft().pullRequest(found, adopted, sentence.strip());
    }

    private static String verbOf(Forge.PullRequest found, boolean known) {
        return found.state() == Forge.State.MERGED ? "Found merged: " : known ? "Updated " : "Adopted ";
    }

    private void failed(Attempt attempt, RefusedException failure) {
        PublishStatus draft = attempt.draft();
        if (failure.reason() == PullRequestReason.NO_CHANGES) {
            draft.pushOnly(PullRequestReason.NO_CHANGES, "Pushed, and no pull request: " + failure.getMessage());
            return;
        }
        draft.attempt(attempt.number());
        Optional<Instant> next = backoff.delay(failure.reason().retryClass(), attempt.number(), failure.retryAfter())
                .map(delay -> clock.instant().plus(delay));
        boolean handedOver = draft.phase() == Phase.ManualPullRequestRequired;
        if (next.isPresent() && attempt.number() < PATIENCE && !handedOver) {
            draft.pullRequestDelayed(
                    failure.reason(),
                    "The work is pushed; the pull request is tried again: " + failure.getMessage(),
                    next.get());
            return;
        }
        if (!handedOver) {
            Map<String, String> data = attempt.journal()
                    .data(
                            "head-branch", draft.headBranch().orElse(""),
                            "base-branch", draft.baseBranch().orElse(""),
                            "error", failure.getMessage(),
                            "reason", failure.reason().code());
            attempt.journal().tellAndNote(PublishEvent.GIT_PR_FAILED, attempt.number(), data, failure.getMessage());
        }
        handOver(attempt, failure, next);
    }

    private static void handOver(Attempt attempt, RefusedException why, Optional<Instant> next) {
        new Handover(
                        attempt.publish(),
                        attempt.draft(),
                        attempt.journal(),
                        attempt.project().host().kind(),
                        attempt.project().repository())
                .because(why, attempt.number(), next);
    }
}
