package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.ObservedPullRequest;
import dev.sessionpublish.api.v1alpha1.ObservedSource;
import dev.sessionpublish.api.v1alpha1.Push;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishSpec.UncommittedChanges;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatusBuilder;
import dev.sessionpublish.api.v1alpha1.Workspace;
import dev.sessionpublish.lifecycle.History;
import dev.sessionpublish.lifecycle.LifecycleEvent;
import dev.sessionpublish.lifecycle.StoredTime;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The status of one publish: an immutable value that starts as the stored status. Each transition returns the status after
 * it, with the sentence for the user if it is no refusal; {@link PullRequestTransitions} has those of the pull request.
 */
final class PublishStatus {
    private final SessionPublishStatus is;
    private final History history;
    private final Clock clock;
    private final @Nullable UncommittedChanges policy;

    private PublishStatus(SessionPublishStatus is, History history, Clock clock, @Nullable UncommittedChanges policy) {
        this.is = is;
        this.history = history;
        this.clock = clock;
        this.policy = policy;
    }

    static PublishStatus of(SessionPublish publish, Clock clock) {
        SessionPublishStatus stored = StoredStatus.of(publish);
        UncommittedChanges policy = publish.getSpec().uncommittedChanges();
        return new PublishStatus(stored, History.stored(stored.history()), clock, policy);
    }

    /** Used only by the transitions here and in {@link PullRequestTransitions}. */
    PublishStatus with(UnaryOperator<SessionPublishStatusBuilder> change) {
        SessionPublishStatusBuilder changed = change.apply(SessionPublishStatusBuilder.builder(is));
        return new PublishStatus(changed.build(), history, clock, policy);
    }

    /** As it is now, without the conditions that {@link #build} adds. */
    SessionPublishStatus get() {
        return is;
    }

    History history() {
        return history;
    }

    Phase phase() {
        return Objects.requireNonNull(is.phase());
    }

    int attempts() {
        return Objects.requireNonNullElse(is.attempts(), 0);
    }

    Optional<String> commit() {
        return Optional.ofNullable(is.commit());
    }

    /** The commit that was pushed, or that is being pushed; empty text when there is none. */
    String pushedCommit() {
        Optional<String> unsettled = hasUnsettledPush() ? push().map(Push::commit) : Optional.empty();
        return unsettled.or(this::commit).orElse("");
    }

    Optional<Push> push() {
        return Optional.ofNullable(is.push());
    }

    /** The branch that is pushed to; empty text when it is not known yet. */
    String headBranch() {
        return Objects.requireNonNullElse(is.headBranch(), "");
    }

    /** The branch that the pull request asks to merge into; empty text when it is not known yet. */
    String baseBranch() {
        return Objects.requireNonNullElse(is.baseBranch(), "");
    }

    Optional<Integer> pullRequestNumber() {
        return Optional.ofNullable(is.pullRequest()).map(ObservedPullRequest::number);
    }

    boolean hasPullRequest() {
        return is.pullRequest() != null;
    }

    /** Whether it was open when it was last seen. */
    boolean hasOpenPullRequest() {
        return is.pullRequest() != null
                && !"closed".equals(is.pullRequest().state())
                && !"merged".equals(is.pullRequest().state());
    }

    boolean isPullRequest(int number) {
        return pullRequestNumber().equals(Optional.of(number));
    }

    /** Who started the run; empty when that is not proven. */
    Optional<String> startedBy() {
        return Optional.ofNullable(is.startedBy());
    }

    PublishStatus withStartedBy(Optional<String> user) {
        return with(status -> status.startedBy(user.orElse(null)));
    }

    String runId() {
        return Objects.requireNonNullElse(is.observedRetryAt(), "");
    }

    /** Whether a push was journaled whose outcome was never recorded. */
    boolean hasUnsettledPush() {
        return push().filter(push -> push.startedAt() != null && push.finishedAt() == null)
                .isPresent();
    }

    /**
     * A new run begins: the spec, the retry annotation, or what was missing has changed.
     *
     * @param retryAt the retry annotation; empty when the object has none
     * @param resetAttempts whether earlier failures no longer count
     */
    PublishStatus withRun(long generation, Optional<String> retryAt, boolean resetAttempts) {
        return with(status -> status.observedGeneration(generation)
                .observedRetryAt(retryAt.orElse(is.observedRetryAt()))
                .attempts(resetAttempts ? 0 : attempts())
                .startedAt(now())
                .finishedAt(null)
                .nextAttemptAt(null)
                .reason(null)
                .message(""));
    }

    /** The work in the sandbox is read again, from whatever pod there is now. */
    PublishStatus withSourceReset() {
        return with(status -> status.source(null).phase(Phase.Pending).message("Waiting for the sandbox to answer."));
    }

    /** A Sandbox that is resumed gets another pod. */
    PublishStatus withoutSource() {
        return with(status -> status.source(null));
    }

    PublishStatus withGeneration(long generation) {
        return with(status -> status.observedGeneration(generation));
    }

    PublishStatus withProject(String revision) {
        return with(status -> status.observedProject(revision));
    }

    /** The repository that is published to. What was done in another one no longer counts. */
    PublishStatus withRepository(String url) {
        boolean isOther = is.repository() != null && !is.repository().equals(url);
        return with(status -> (isOther ? PushTransitions.forgotten(status) : status).repository(url));
    }

    PublishStatus withAttempt(int number) {
        return with(status -> status.attempts(number));
    }

    PublishStatus withBranches(String head, Optional<String> base) {
        return with(status -> status.headBranch(head).baseBranch(base.orElse(null)));
    }

    PublishStatus withWorkspace(ObservedSource source, Workspace workspace) {
        return with(status -> status.source(source).workspace(workspace));
    }

    PublishStatus withEvent(LifecycleEvent event) {
        return new PublishStatus(is, history.with(event, clock), clock, policy);
    }

    PublishStatus withPushProgress(long bytes) {
        Push push = PushTransitions.inProgress(push().orElseThrow(), bytes);
        return with(status ->
                status.push(push).message("Pushing to " + headBranch() + ": " + bytes / 1024 + " KiB sent so far."));
    }

    /**
     * The forge's branch is at the new commit.
     *
     * @param bytes of the pack; null to keep what is known
     */
    PublishStatus withPushed(String newId, @Nullable Long bytes) {
        Optional<String> head = Optional.ofNullable(is.workspace()).map(Workspace::head);
        Push pushed = push().map(push -> PushTransitions.arrived(push, newId, head, bytes, now()))
                .orElse(null);
        return with(status -> status.commit(newId).push(pushed).attempts(0));
    }

    PublishStatus withNothingToPublish(Reason why, String sentence) {
        return with(status -> status.pullRequestText(null)).ended(Phase.NothingToPublish, Optional.of(why), sentence);
    }

    PublishStatus withFailure(RefusedException why) {
        return ended(Phase.Failed, Optional.of(why.reason()), why.getMessage());
    }

    PublishStatus withRetry(RefusedException why, Instant next) {
        return with(status -> status.phase(Phase.Waiting)
                .reason(why.reason().code())
                .message(why.getMessage())
                .nextAttemptAt(StoredTime.notBefore(next)));
    }

    /** No further step is taken; what has ended stays as it ended. */
    PublishStatus withSuspension(long generation) {
        PublishStatus seen =
                with(status -> status.observedGeneration(generation).nextAttemptAt(null));
        return phase().isTerminal()
                ? seen
                : seen.with(status -> status.phase(Phase.Suspended)
                        .reason(null)
                        .message("Suspended: set spec.suspend to false to continue."));
    }

    PublishStatus ended(Phase end, Optional<Reason> why, String sentence) {
        return with(status -> status.phase(end)
                .reason(why.map(Reason::code).orElse(null))
                .message(end == Phase.Failed ? sentence : sentence + WorkspaceNotes.of(is, policy))
                .nextAttemptAt(null)
                .finishedAt(now()));
    }

    /** The whole status, as it is written. */
    SessionPublishStatus build() {
        return PublishConditions.complete(is, history, clock);
    }

    String now() {
        return StoredTime.now(clock);
    }
}
