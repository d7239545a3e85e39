package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.lifecycle.Conditions.Status;
import dev.sessionpublish.lifecycle.Conditions.Wanted;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.ReasonGroup;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a publish, as kstatus reads them: Ready in every end but Failed; Stalled in Failed alone;
 * Reconciling in every phase that goes on by itself; never the last two together.
 */
final class PublishConditions {
    private PublishConditions() {}

    /** What the conditions are made from. */
    record Facts(
            Phase phase,
            @Nullable Reason reason,
            String message,
            boolean sourceFound,
            boolean pushed,
            boolean pullRequestOpen) {}

    static List<Wanted> of(Facts facts) {
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
