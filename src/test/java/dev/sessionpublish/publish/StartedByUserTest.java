package dev.sessionpublish.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import org.junit.jupiter.api.Test;

/** Which runs a user starts; the others keep the name of whoever started the one before. */
class StartedByUserTest {
    private static boolean isStartedByUser(StoredPublish stored) {
        return Trigger.isStartedByUser(stored.publish());
    }

    @Test
    void theFirstRunIs() {
        assertThat(isStartedByUser(new StoredPublish())).isTrue();
    }

    @Test
    void aRunAfterAChangeOfTheSpecIs() {
        assertThat(isStartedByUser(new StoredPublish().phase(Phase.Waiting).generation(4)))
                .isTrue();
    }

    @Test
    void aRunAfterANewValueOfTheRetryAnnotationIs() {
        StoredPublish failed =
                new StoredPublish().phase(Phase.Failed).observedRetryAt("1").retryAt("2");
        assertThat(isStartedByUser(failed)).isTrue();
    }

    @Test
    void aRetryOrAWakeUpOfTheSameRunIsNot() {
        assertThat(isStartedByUser(new StoredPublish().phase(Phase.Waiting))).isFalse();
        assertThat(isStartedByUser(new StoredPublish().phase(Phase.Failed))).isFalse();
        assertThat(isStartedByUser(new StoredPublish()
                        .phase(Phase.Pushing)
                        .observedRetryAt("1")
                        .retryAt("1")))
                .isFalse();
    }
}
