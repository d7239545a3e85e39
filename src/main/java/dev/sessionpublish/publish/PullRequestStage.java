package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.ManualPullRequest;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Push;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.git.BranchName;
import dev.sessionpublish.kube.LifecycleType;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
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
    private final Clock clock;
    private final RandomGenerator random;

    PullRequestStage(Forges forges, Backoff backoff, Clock clock, RandomGenerator random) {
        this.forges = forges;
        this.backoff = backoff;
        this.clock = clock;
        this.random = random;
    }

    /** Why no pull request will even be tried; empty when one will. */
    static Optional<RefusedException> refusal(Attempt attempt) {
        if (!attempt.project().pullRequests().enabled()) {
            return Optional.of(new RefusedException(
                    Reason.PULL_REQUESTS_DISABLED,
                    "The project opens no pull requests (spec.pullRequests.enabled is false): open it from the link."));
        }
        try {
            attempt.credentials().requirePullRequest();
            return Optional.empty();
        } catch (RefusedException e) {
            return Optional.of(e);
        }
    }

    static Map<String, String> startedData(Attempt attempt) {
        return Journal.data(
                "head-branch", attempt.draft().headBranch().orElse(""),
                "base-branch", attempt.draft().baseBranch().orElse(""));
    }

    static void tellStarted(Attempt attempt) {
        attempt.journal()
                .tell(
                        LifecycleType.GIT_PR_STARTED,
                        1,
                        startedData(attempt),
                        "Opening a pull request from "
                                + attempt.draft().headBranch().orElse("") + " to "
                                + attempt.draft().baseBranch().orElse("") + ".");
    }

    /** Ends with a pull request, a link, or a time to try again in the draft; all is told and noted, nothing written. */
    void run(Attempt attempt, boolean mayBeOpen) {
        Optional<RefusedException> refusal = refusal(attempt);
        if (refusal.isPresent()) {
            handOver(attempt, refusal.get(), Optional.empty());
            return;
        }
        try {
            Forge forge = forges.open(
                    attempt.project().host(),
                    attempt.project().repository(),
                    attempt.credentials().requirePullRequest());
            openOrAdopt(attempt, forge, mayBeOpen || isUpdate(attempt));
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
            succeeded(attempt, there.get(), true, List.of());
            return;
        }
        try {
            Forge.Opened opened = forge.open(request(attempt));
            succeeded(attempt, opened.pullRequest(), false, opened.notes());
        } catch (Forge.PullRequestExistsException e) {
            Forge.PullRequest found = existing(attempt, forge)
                    .orElseThrow(() -> new RefusedException(
                            Reason.SERVER_ERROR,
                            "The forge says that there is a pull request, and doesn't list it: " + e.getMessage()));
            succeeded(attempt, found, true, List.of());
        }
    }

    /** An open one of the pair; else a merged one that holds this very commit. */
    private static Optional<Forge.PullRequest> existing(Attempt attempt, Forge forge) throws RefusedException {
        StatusDraft draft = attempt.draft();
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
                title(attempt),
                body(attempt),
                spec.draft() == null ? attempt.project().pullRequests().draft() : spec.draft(),
                orElse(spec.labels(), attempt.project().pullRequests().labels()),
                orElse(spec.reviewers(), attempt.project().pullRequests().reviewers()),
                orElse(spec.assignees(), List.of()));
    }

    private static List<String> orElse(@Nullable List<String> own, List<String> otherwise) {
        return own == null ? otherwise : own;
    }

    private static String title(Attempt attempt) {
        return Optional.ofNullable(attempt.spec().title())
                .or(() -> attempt.draft().text().map(text -> text.title()))
                .orElse("Agent updates for session " + attempt.name());
    }

    private static String body(Attempt attempt) {
        return Optional.ofNullable(attempt.spec().body())
                .or(() -> attempt.draft().text().map(text -> text.body()))
                .orElse("");
    }

    private void succeeded(Attempt attempt, Forge.PullRequest found, boolean adopted, List<String> notes) {
        Map<String, String> data = Journal.data(
                "pr-url", found.url(),
                "head-branch", found.headBranch(),
                "base-branch", found.baseBranch());
        String verb = adopted ? (found.state() == Forge.State.MERGED ? "Found merged: " : "Adopted ") : "Opened ";
        String sentence =
                verb + "pull request #" + found.number() + ", " + found.url() + ". " + String.join(" ", notes);
        attempt.journal().tellAndNote(LifecycleType.GIT_PR_SUCCEEDED, attempt.number(), data, sentence.strip());
        attempt.draft().pullRequest(found, adopted, sentence.strip());
    }

    private void failed(Attempt attempt, RefusedException failure) {
        if (failure.reason() == Reason.NO_CHANGES) {
            attempt.draft().pushOnly("Pushed, and no pull request: " + failure.getMessage());
            return;
        }
        StatusDraft draft = attempt.draft();
        draft.attempt(attempt.number());
        boolean handedOver = draft.phase() == Phase.ManualPullRequestRequired;
        if (!handedOver) {
            Map<String, String> data = Journal.data(
                    "head-branch", draft.headBranch().orElse(""),
                    "base-branch", draft.baseBranch().orElse(""),
                    "error", failure.getMessage(),
                    "reason", failure.reason().code());
            attempt.journal().tellAndNote(LifecycleType.GIT_PR_FAILED, attempt.number(), data, failure.getMessage());
        }
        Optional<Instant> next = backoff.delay(
                        failure.reason().retryClass(), attempt.number(), failure.retryAfter(), random)
                .map(delay -> clock.instant().plus(delay));
        if (next.isPresent() && attempt.number() < PATIENCE && !handedOver) {
            draft.pullRequestDelayed(
                    failure.reason(),
                    "The work is pushed; the pull request is tried again: " + failure.getMessage(),
                    next.get());
        } else {
            handOver(attempt, failure, next);
        }
    }

    private void handOver(Attempt attempt, RefusedException why, Optional<Instant> next) {
        StatusDraft draft = attempt.draft();
        ManualLink link = new ManualLink(
                attempt.project().repository(),
                BranchName.of(draft.baseBranch().orElse("")),
                BranchName.of(draft.headBranch().orElse("")),
                title(attempt),
                body(attempt));
        if (draft.phase() != Phase.ManualPullRequestRequired) {
            Map<String, String> data = Journal.data(
                    "manual-pr-url", link.url(),
                    "head-branch", draft.headBranch().orElse(""),
                    "base-branch", draft.baseBranch().orElse(""),
                    "reason", why.reason().code());
            attempt.journal()
                    .tellAndNote(
                            LifecycleType.GIT_PR_MANUAL,
                            attempt.number(),
                            data,
                            "Open the pull request yourself: " + link.url());
        }
        draft.manual(
                why.reason(),
                "The work is pushed; open the pull request from status.manualPullRequest.url. " + why.getMessage(),
                new ManualPullRequest(link.url(), why.reason().code(), link.command()),
                next);
    }
}
