package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.HistoryEntry;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.ManualPullRequest;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.ObservedSource;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.PullRequestText;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Push;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Workspace;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.lifecycle.Conditions;
import dev.sessionpublish.lifecycle.Requester;
import dev.sessionpublish.lifecycle.StoredTime;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.SafeText;
import dev.sessionpublish.sandbox.Checkout;
import dev.sessionpublish.sandbox.SandboxContainer;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The status of one publish as it is being worked out: starts as what is stored, changed only by the transitions below,
 * written as a whole. The one place where a status is built.
 */
final class PublishStatus {
    private static final int HISTORY = 32;
    private static final int MESSAGE_BYTES = 4_000;
    private static final int SUBMODULE_BYTES = 300;

    private final Clock clock;
    private final List<Condition> previousConditions;
    private final List<HistoryEntry> history;
    private final @Nullable String requestedBy;
    private @Nullable Long observedGeneration;
    private @Nullable String observedRetryAt;
    private @Nullable String observedProject;
    private Phase phase;
    private @Nullable Reason reason;
    private String message;
    private @Nullable ObservedSource source;
    private @Nullable String repository;
    private @Nullable String headBranch;
    private @Nullable String baseBranch;
    private @Nullable String commit;
    private @Nullable Workspace workspace;
    private @Nullable Push push;
    private SessionPublishStatus.@Nullable PullRequest pullRequest;
    private @Nullable ManualPullRequest manual;
    private @Nullable String startedAt;
    private @Nullable String finishedAt;
    private int attempts;
    private @Nullable String nextAttemptAt;
    private @Nullable PullRequestText text;

    PublishStatus(SessionPublish publish, Clock clock) {
        this.clock = clock;
        this.requestedBy = Requester.of(publish.getSpec().requestedBy()).orElse(null);
        SessionPublishStatus stored = publish.getStatus();
        this.previousConditions = stored == null || stored.conditions() == null ? List.of() : stored.conditions();
        this.history = new ArrayList<>(stored == null || stored.history() == null ? List.of() : stored.history());
        history.removeIf(each -> StoredTime.of(each.time()).isEmpty());
        this.phase = stored == null || stored.phase() == null ? Phase.Pending : stored.phase();
        this.message = stored == null || stored.message() == null ? "" : stored.message();
        if (stored != null) {
            observedGeneration = stored.observedGeneration();
            observedRetryAt = stored.observedRetryAt();
            observedProject = stored.observedProject();
            reason = PublishReason.ofCode(stored.reason()).orElse(null);
            source = stored.source();
            repository = stored.repository();
            headBranch = stored.headBranch();
            baseBranch = stored.baseBranch();
            commit = stored.commit();
            workspace = stored.workspace();
            push = readable(stored.push());
            pullRequest = stored.pullRequest();
            manual = stored.manualPullRequest();
            startedAt = readable(stored.startedAt());
            finishedAt = readable(stored.finishedAt());
            attempts = stored.attempts() == null ? 0 : stored.attempts();
            nextAttemptAt = readable(stored.nextAttemptAt());
            text = stored.pullRequestText();
        }
    }

    /** What is no time would be refused, whoever wrote it, and no status could be written any more. */
    private static @Nullable String readable(@Nullable String time) {
        return StoredTime.of(time).isPresent() ? time : null;
    }

    private static @Nullable Push readable(@Nullable Push stored) {
        return stored == null
                ? null
                : new Push(
                        readable(stored.startedAt()),
                        readable(stored.finishedAt()),
                        stored.commit(),
                        stored.previousCommit(),
                        stored.commits(),
                        stored.bytes(),
                        stored.forced());
    }

    Phase phase() {
        return phase;
    }

    Optional<Reason> reason() {
        return Optional.ofNullable(reason);
    }

    Optional<String> commit() {
        return Optional.ofNullable(commit);
    }

    Optional<String> headBranch() {
        return Optional.ofNullable(headBranch);
    }

    Optional<String> baseBranch() {
        return Optional.ofNullable(baseBranch);
    }

    Optional<Push> push() {
        return Optional.ofNullable(push);
    }

    Optional<PullRequestText> text() {
        return Optional.ofNullable(text);
    }

    Optional<String> seenPodUid() {
        return Optional.ofNullable(source).map(ObservedSource::podUid);
    }

    Optional<String> repository() {
        return Optional.ofNullable(repository);
    }

    boolean hasPullRequest() {
        return pullRequest != null;
    }

    Optional<Integer> pullRequestNumber() {
        return Optional.ofNullable(pullRequest).map(SessionPublishStatus.PullRequest::number);
    }

    Optional<String> pullRequestUrl() {
        return Optional.ofNullable(pullRequest).map(SessionPublishStatus.PullRequest::url);
    }

    boolean isPullRequest(int number) {
        SessionPublishStatus.PullRequest known = pullRequest;
        return known != null && Objects.equals(known.number(), number);
    }

    int attempts() {
        return attempts;
    }

    String runId() {
        return observedRetryAt == null ? "" : observedRetryAt;
    }

    /** A journaled push of which the end was never written down. */
    boolean hasUnsettledPush() {
        return push != null && push.startedAt() != null && push.finishedAt() == null;
    }

    boolean isRecorded(PublishEvent type) {
        return lastOf(type) >= 0;
    }

    boolean isRecordedSince(PublishEvent earlier, PublishEvent type) {
        return lastOf(type) > lastOf(earlier);
    }

    boolean isLastRecorded(PublishEvent type) {
        return !history.isEmpty() && lastOf(type) == history.size() - 1;
    }

    private int lastOf(PublishEvent type) {
        int index = history.size() - 1;
        while (index >= 0 && !type.word().equals(history.get(index).type())) {
            index--;
        }
        return index;
    }

    /**
     * A new run: the spec, the retry annotation, or what was missing has changed.
     *
     * @param retryAt the annotation; null when the object has none
     */
    void begin(long generation, @Nullable String retryAt, boolean countAnew) {
        observedGeneration = generation;
        observedRetryAt = retryAt == null ? observedRetryAt : retryAt;
        attempts = countAnew ? 0 : attempts;
        startedAt = now();
        finishedAt = null;
        nextAttemptAt = null;
        reason = null;
        message = "";
    }

    /** The pods of an earlier run are not this one's. */
    void forgetSource() {
        source = null;
        phase = Phase.Pending;
    }

    /** A Sandbox that is resumed gets a new pod. */
    void expectAnotherPod() {
        source = null;
    }

    void project(String revision, @Nullable String repositoryUrl) {
        observedProject = revision;
        repository = repositoryUrl == null ? repository : repositoryUrl;
    }

    void attempt(int number) {
        attempts = number;
    }

    void branches(String head, @Nullable String base) {
        headBranch = head;
        baseBranch = base;
    }

    void located(SandboxContainer container, String directory) {
        source = new ObservedSource(container.podName(), container.podUid(), container.container(), directory);
    }

    void described(Checkout checkout) {
        boolean known = !checkout.shallow();
        workspace = new Workspace(
                checkout.branch().map(name -> SafeText.line(name, 1_000)).orElse(null),
                checkout.head().hex(),
                known && checkout.ahead().isPresent() ? checkout.ahead().getAsLong() : null,
                known && checkout.behind().isPresent() ? checkout.behind().getAsLong() : null,
                checkout.uncommittedFiles(),
                checkout.unpushedSubmodules().isEmpty()
                        ? null
                        : checkout.unpushedSubmodules().stream()
                                .map(path -> SafeText.line(path, SUBMODULE_BYTES))
                                .toList());
    }

    Optional<Workspace> workspace() {
        return Optional.ofNullable(workspace);
    }

    /** The journal: what is about to be done to the branch. */
    void pushing(
            ObjectId newId, Optional<ObjectId> oldId, @Nullable Long commits, boolean forced, PullRequestText text) {
        phase = Phase.Pushing;
        reason = null;
        nextAttemptAt = null;
        finishedAt = null;
        message = "Pushing " + newId.abbreviated() + " to " + headBranch + ".";
        push = new Push(now(), null, newId.hex(), oldId.map(ObjectId::hex).orElse(null), commits, null, forced);
        this.text = text;
    }

    /** A sentence more for whoever watches the push. */
    void note(String sentence) {
        message = message + " " + sentence;
    }

    void sent(long bytes) {
        Push of = push;
        if (of != null) {
            push = new Push(of.startedAt(), null, of.commit(), of.previousCommit(), of.commits(), bytes, of.forced());
            message = "Pushing to " + headBranch + ": " + bytes / 1024 + " KiB sent so far.";
        }
    }

    /** The forge's branch is where it was to go. */
    void pushed(String newId, @Nullable Long bytes) {
        commit = newId;
        Push of = push;
        if (of != null) {
            Long sent = bytes == null ? of.bytes() : bytes;
            push = new Push(of.startedAt(), now(), newId, of.previousCommit(), of.commits(), sent, of.forced());
        }
        attempts = 0;
    }

    void openingPullRequest() {
        phase = Phase.OpeningPullRequest;
        reason = null;
        nextAttemptAt = null;
        message = "Pushed " + commit + " to " + headBranch + ", opening the pull request.";
    }

    void pushOnly(@Nullable Reason why, String sentence) {
        text = null;
        finish(Phase.Pushed, why, sentence);
    }

    void nothingToPublish(Reason why, String sentence) {
        text = null;
        finish(Phase.NothingToPublish, why, sentence);
    }

    void failed(Reason why, String sentence) {
        finish(Phase.Failed, why, sentence);
    }

    void waiting(Reason why, String sentence, Instant next) {
        phase = Phase.Waiting;
        reason = why;
        message = sentence;
        nextAttemptAt = notBefore(next);
    }

    /** The pull-request stage will be tried again; the work is pushed. */
    void pullRequestDelayed(Reason why, String sentence, Instant next) {
        waiting(why, sentence, next);
        phase = Phase.OpeningPullRequest;
    }

    void pullRequest(Forge.PullRequest found, boolean adopted, String sentence) {
        SessionPublishStatus.PullRequest before = pullRequest;
        boolean takenOver =
                before != null && isPullRequest(found.number()) ? Boolean.TRUE.equals(before.adopted()) : adopted;
        pullRequest = new SessionPublishStatus.PullRequest(
                found.number(),
                SafeText.line(found.url(), 2_000),
                found.state().name().toLowerCase(Locale.ROOT),
                found.draft(),
                takenOver);
        manual = null;
        text = null;
        attempts = 0;
        finish(Phase.PullRequestCreated, null, sentence);
    }

    /** @param next when the operator will try again by itself; absent when it won't */
    void manual(Reason why, String sentence, ManualPullRequest link, Optional<Instant> next) {
        manual = link;
        String since = phase == Phase.ManualPullRequestRequired ? finishedAt : null;
        finish(Phase.ManualPullRequestRequired, why, sentence);
        finishedAt = since == null ? finishedAt : since;
        nextAttemptAt = next.map(PublishStatus::notBefore).orElse(null);
    }

    /** The object is being deleted, and its pull request could not be closed. */
    void closingDelayed(int attempt, String sentence, Instant next) {
        attempts = attempt;
        message = sentence;
        nextAttemptAt = notBefore(next);
    }

    /** The pull request stays open although it can't be seen to: the project or its credential is missing. */
    void keepPullRequest(String sentence) {
        finish(Phase.PullRequestCreated, null, sentence);
    }

    /** No further step is taken; what has ended stays as it ended. */
    void suspended(long generation) {
        observedGeneration = generation;
        nextAttemptAt = null;
        if (!phase.isTerminal()) {
            phase = Phase.Suspended;
            reason = null;
            message = "Suspended: set spec.suspend to false to go on.";
        }
    }

    void observe(long generation) {
        observedGeneration = generation;
    }

    private void finish(Phase end, @Nullable Reason why, String sentence) {
        phase = end;
        reason = why;
        message = end == Phase.Failed ? sentence : sentence + leftOut();
        nextAttemptAt = null;
        finishedAt = now();
    }

    /** What a person would miss at the forge, in a sentence; empty when nothing. */
    private String leftOut() {
        List<String> submodules = workspace == null || workspace.unpushedSubmodules() == null
                ? List.of()
                : workspace.unpushedSubmodules();
        return submodules.isEmpty()
                ? ""
                : " Not sent: commits of submodules that their own remotes lack ("
                        + String.join(", ", submodules.subList(0, Math.min(3, submodules.size())))
                        + (submodules.size() > 3 ? ", …" : "")
                        + "). Push these to the submodules' own repositories too.";
    }

    void record(String type, Map<String, String> data) {
        history.add(new HistoryEntry(now(), type, data.isEmpty() ? null : data));
        while (history.size() > HISTORY) {
            history.remove(0);
        }
    }

    SessionPublishStatus build() {
        message = SafeText.line(message, MESSAGE_BYTES);
        long generation = observedGeneration == null ? 0 : observedGeneration;
        boolean pushSettled = push != null && push.finishedAt() != null;
        List<Conditions.Wanted> wanted = PublishConditions.of(
                new PublishConditions.Facts(phase, reason, message, source != null, pushSettled, pullRequest != null));
        return new SessionPublishStatus(
                observedGeneration,
                observedRetryAt,
                observedProject,
                phase,
                reason == null ? null : reason.code(),
                message,
                requestedBy,
                source,
                repository,
                headBranch,
                baseBranch,
                commit,
                workspace,
                push,
                pullRequest,
                manual,
                startedAt,
                finishedAt,
                attempts,
                nextAttemptAt,
                new Conditions(clock).merge(previousConditions, wanted, generation),
                List.copyOf(history),
                text);
    }

    /** In whole seconds, and never too early. */
    private static String notBefore(Instant time) {
        return time.plusNanos(999_999_999).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private String now() {
        return Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
