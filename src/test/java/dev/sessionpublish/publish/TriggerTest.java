package dev.sessionpublish.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TriggerTest {

    @Test
    void whatHasNoStatusYetIsNew() {
        assertThat(trigger(new StoredPublish().publish())).isEqualTo(Trigger.ANEW);
    }

    @ParameterizedTest
    @CsvSource({
        "Pending, ANEW, ANEW",
        "Suspended, ANEW, ANEW",
        "Waiting, CONTINUE, ANEW",
        "Pushing, CONTINUE, ANEW",
        "OpeningPullRequest, PULL_REQUEST, SPEC_AFTER_PUSH",
        "ManualPullRequestRequired, PULL_REQUEST, SPEC_AFTER_PUSH",
        "Pushed, NOTED, NOTED",
        "PullRequestCreated, NOTED, NOTED",
        "NothingToPublish, ANEW, ANEW",
        "Failed, ANEW, ANEW",
    })
    void thePhaseSaysHowItGoesOnWithTheSameSpecAndWithAnother(Phase phase, Trigger same, Trigger changed) {
        StoredPublish stored = new StoredPublish().phase(phase);
        assertThat(trigger(stored.publish())).isEqualTo(same);
        assertThat(trigger(stored.generation(4).publish())).isEqualTo(changed);
    }

    @ParameterizedTest
    @CsvSource({
        "Waiting",
        "Pushing",
        "OpeningPullRequest",
        "Pushed",
        "PullRequestCreated",
        "ManualPullRequestRequired",
        "Failed"
    })
    void anotherRetryAtStartsAnewInEveryPhase(Phase phase) {
        StoredPublish stored = new StoredPublish().phase(phase).observedRetryAt("1");
        assertThat(trigger(stored.retryAt("2").publish())).isEqualTo(Trigger.ANEW);
        assertThat(trigger(stored.retryAt("1").publish()))
                .isEqualTo(trigger(stored.retryAt(null).publish()));
    }

    @Test
    void anEmptyAnnotationAsksForNothing() {
        StoredPublish ended = new StoredPublish().phase(Phase.Failed).retryAt("");
        assertThat(Trigger.isAskedAgain(ended.publish())).isFalse();
        assertThat(Trigger.isAskedAgain(ended.observedRetryAt("1").publish())).isFalse();
    }

    @Test
    void takingTheAnnotationAwayAsksForNothing() {
        SessionPublish publish =
                new StoredPublish().phase(Phase.Failed).observedRetryAt("1").publish();
        assertThat(Trigger.isAskedAgain(publish)).isFalse();
    }

    @Test
    void whatWasSuspendedBetweenPushAndPullRequestGoesOnWithThePullRequest() {
        StoredPublish stored = new StoredPublish().phase(Phase.Suspended).generation(4);
        assertThat(trigger(
                        stored.history("git.push.succeeded", "git.pr.started").publish()))
                .isEqualTo(Trigger.SPEC_AFTER_PUSH);
        assertThat(trigger(stored.history("git.pr.started", "git.pr.succeeded").publish()))
                .isEqualTo(Trigger.ANEW);
    }

    @Test
    void aNewRunCountsItsAttemptsAnewAndAWokenOneGoesOnCounting() {
        StoredPublish failed = new StoredPublish().phase(Phase.Failed).attempts(3);
        assertThat(begun(failed.publish()).attempts()).isEqualTo(3);
        assertThat(begun(failed.retryAt("now").publish()).attempts()).isZero();
        assertThat(begun(failed.retryAt(null).generation(4).publish()).attempts())
                .isZero();
    }

    @Test
    void theRunKeepsItsNameWhenTheAnnotationIsTakenAway() {
        StoredPublish failed = new StoredPublish().phase(Phase.Failed).observedRetryAt("1");
        assertThat(begun(failed.publish()).runId()).isEqualTo("1");
        assertThat(begun(failed.retryAt("2").publish()).runId()).isEqualTo("2");
    }

    @Test
    void aNewRunLooksAtWhateverPodThereIs() {
        StoredPublish failed = new StoredPublish().phase(Phase.Failed).podUid("uid-of-pod");
        assertThat(begun(failed.publish()).get().source()).isNull();
        assertThat(begun(failed.phase(Phase.Waiting).publish()).get().source().podUid())
                .isEqualTo("uid-of-pod");
    }

    private static Trigger trigger(SessionPublish publish) {
        return Trigger.of(publish, PublishStatus.of(publish, StoredPublish.CLOCK));
    }

    private static PublishStatus begun(SessionPublish publish) {
        PublishStatus stored = PublishStatus.of(publish, StoredPublish.CLOCK);
        return Trigger.of(publish, stored).begin(publish, stored);
    }
}
