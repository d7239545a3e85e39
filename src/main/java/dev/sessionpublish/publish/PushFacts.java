package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.ObservedSource;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.publish.plan.HeadBranch;
import dev.sessionpublish.publish.plan.PushPlan;
import dev.sessionpublish.publish.plan.PushPlanFactsBuilder;
import java.util.Optional;

/** What the plan of a push is made from. */
final class PushFacts {
    private PushFacts() {}

    static PushPlan.Facts of(Run run) {
        return PushPlanFactsBuilder.builder()
                .spec(run.spec())
                .project(run.admitted())
                .requested(run.requested())
                .base(run.base())
                .checkout(run.conversation().orElseThrow().checkout())
                .advertised(run.remote().orElseThrow().advertisement())
                .earlier(earlier(run))
                .identity(new HeadBranch.Identity(
                        Optional.ofNullable(run.spec().title()).orElse(run.name()),
                        run.sandbox().orElseThrow().uid(),
                        Optional.ofNullable(run.publish().getStatus())
                                .map(SessionPublishStatus::source)
                                .map(ObservedSource::podUid),
                        run.namespace(),
                        run.name()))
                .answers(run.answers())
                .build();
    }

    private static PushPlan.Earlier earlier(Run run) {
        PublishStatus status = run.status();
        Optional<PushPlan.Unsettled> unsettled = status.push()
                .filter(push -> status.hasUnsettledPush() && !run.startsAnew())
                .map(push -> new PushPlan.Unsettled(status.headBranch(), Optional.ofNullable(push.previousCommit())));
        return new PushPlan.Earlier(
                status.push().flatMap(push -> PushTransitions.branch(push, status.headBranch())),
                status.push()
                        .filter(push -> Boolean.TRUE.equals(push.generated()))
                        .isPresent(),
                status.commit(),
                status.push().flatMap(PushTransitions::own),
                run.recorded(),
                unsettled);
    }
}
