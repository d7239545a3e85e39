package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatusBuilder;
import dev.sessionpublish.lifecycle.Conditions;
import dev.sessionpublish.lifecycle.Conditions.Status;
import dev.sessionpublish.lifecycle.Conditions.Wanted;
import dev.sessionpublish.lifecycle.History;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.ReasonGroup;
import dev.sessionpublish.outcome.SafeText;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a publish, as kstatus reads them. Ready is True in every terminal phase but Failed; Stalled is True in
 * Failed alone; Reconciling is True in every other phase but Suspended; Stalled and Reconciling are never both True.
 */
final class PublishConditions {
    private static final int MESSAGE_BYTES = 4_000;

    private PublishConditions() {}

    /** Adds conditions and history to a status, and bounds its message. */
    static SessionPublishStatus complete(SessionPublishStatus status, History history, Clock clock) {
        String message = SafeText.line(Objects.requireNonNullElse(status.message(), ""), MESSAGE_BYTES);
        long generation = Objects.requireNonNullElse(status.observedGeneration(), 0L);
        List<Wanted> wanted = new ArrayList<>(of(new Facts(
                Objects.requireNonNull(status.phase()),
                PublishReason.ofCode(status.reason()).orElse(null),
                message,
                status.source() != null,
                status.push() != null && status.push().finishedAt() != null,
                status.pullRequest() != null)));
        wanted.addAll(FollowConditions.of(status.pullRequest()));
        return SessionPublishStatusBuilder.builder(status)
                .message(message)
                .conditions(new Conditions(clock).merge(status.conditions(), wanted, generation))
                .history(history.entries())
                .build();
    }

    /** What the conditions are made from. */
    private record Facts(
            Phase phase,
            @Nullable Reason reason,
            String message,
            boolean sourceFound,
            boolean pushed,
            boolean pullRequestOpen) {}

    private static List<Wanted> of(Facts facts) {
        Phase phase = facts.phase();
        String because = facts.reason() == null ? phase.name() : facts.reason().conditionReason();
        boolean ended = phase.isTerminal();
        boolean failed = phase == Phase.Failed;
        boolean goesOn = !ended && phase != Phase.Suspended;
        return List.of(
                new Wanted("Ready", Status.of(ended && !failed), because, facts.message()),
                source(facts, because),
                new Wanted("Pushed", Status.of(facts.pushed()), facts.pushed() ? "Pushed" : because, ""),
                pullRequest(facts, because),
                new Wanted("Reconciling", Status.of(goesOn), because, goesOn ? facts.message() : ""),
                new Wanted("Stalled", Status.of(failed), because, failed ? facts.message() : ""));
    }

    private static Wanted source(Facts facts, String because) {
        boolean sourceIsWhy = facts.reason() != null && facts.reason().group() == ReasonGroup.SOURCE;
        if (sourceIsWhy) {
            return new Wanted("SourceReady", Status.FALSE, because, facts.message());
        }
        return facts.sourceFound()
                ? new Wanted("SourceReady", Status.TRUE, "Found", "")
                : new Wanted("SourceReady", Status.UNKNOWN, because, "");
    }

    private static Wanted pullRequest(Facts facts, String because) {
        return switch (facts.phase()) {
            case PullRequestCreated -> new Wanted("PullRequestReady", Status.TRUE, "PullRequestCreated", "");
            case Merged -> new Wanted("PullRequestReady", Status.TRUE, "Merged", "");
            case Closed -> new Wanted("PullRequestReady", Status.FALSE, "Closed", "");
            case Pushed ->
                new Wanted("PullRequestReady", Status.FALSE, facts.reason() == null ? "NotRequested" : because, "");
            default ->
                new Wanted(
                        "PullRequestReady",
                        Status.of(facts.pullRequestOpen() && facts.phase() != Phase.ManualPullRequestRequired),
                        because,
                        "");
        };
    }
}
