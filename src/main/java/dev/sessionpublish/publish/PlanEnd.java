package dev.sessionpublish.publish;

import dev.sessionpublish.forge.PullRequestReason;
import dev.sessionpublish.publish.plan.PushPlan;

/** The end of a run whose plan leaves the branch as it is. */
final class PlanEnd {
    private PlanEnd() {}

    /** @throws IllegalArgumentException for a plan that goes on */
    static Run of(Run run, PushPlan plan) {
        if (plan instanceof PushPlan.Nothing nothing) {
            return run.ended(run.status().withNothingToPublish(nothing.reason(), nothing.sentence()));
        }
        if (plan instanceof PushPlan.Unchanged unchanged) {
            if (isPullRequestLeft(run, unchanged)) {
                return run.atPullRequest().withTrigger(Trigger.SPEC_AFTER_PUSH);
            }
            return run.ended(PullRequestTransitions.notPushed(run.status(), unchanged.reason(), unchanged.sentence()));
        }
        if (plan instanceof PushPlan.Merged merged) {
            return PullRequestSteps.merged(run, merged.pullRequest());
        }
        if (plan instanceof PushPlan.Refused refused) {
            return run.refused(refused.why());
        }
        throw new IllegalArgumentException("the plan goes on: " + plan);
    }

    /** The branch holds work whose pull request was never opened. */
    private static boolean isPullRequestLeft(Run run, PushPlan.Unchanged unchanged) {
        PublishStatus status = run.status();
        return unchanged.reason() == PullRequestReason.NO_CHANGES
                && run.spec().wantsPullRequest()
                && !status.hasPullRequest()
                && status.get().manualPullRequest() == null
                && status.get().baseBranch() != null;
    }
}
