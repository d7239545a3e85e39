package dev.sessionpublish.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishSpec.DeletionPolicy;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.lifecycle.SpecOrRetryChanged;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.process.WithoutManagedFields;
import dev.sessionpublish.publish.watch.PublishCache;
import dev.sessionpublish.publish.watch.SourceState;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PublishCacheTest {

    static Stream<SessionPublish> publishes() {
        List<StoredPublish> all = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            all.add(new StoredPublish().phase(phase));
            all.add(new StoredPublish().phase(phase).generation(4));
            all.add(new StoredPublish().phase(phase).retryAt("again"));
            all.add(new StoredPublish().phase(phase).retryAt("again").observedRetryAt("again"));
            all.add(new StoredPublish().phase(phase).spec("suspend", true));
            all.add(new StoredPublish().phase(phase).status("nextAttemptAt", "2026-03-01T12:00:00Z"));
            all.add(new StoredPublish().phase(phase).status("nextAttemptAt", "2026-03-01T13:00:00Z"));
            all.add(new StoredPublish().phase(phase).spec("deletionPolicy", DeletionPolicy.ClosePullRequest.name()));
            all.add(new StoredPublish()
                    .phase(phase)
                    .spec("ttlSecondsAfterFinished", 60)
                    .status("finishedAt", "2026-03-01T11:00:00Z"));
        }
        for (Reason reason : PublishReason.ALL) {
            all.add(new StoredPublish().phase(Phase.Failed).status("reason", reason.code()));
            all.add(new StoredPublish()
                    .phase(Phase.Failed)
                    .status("reason", reason.code())
                    .status("observedProject", "absent"));
        }
        all.add(new StoredPublish());
        return all.stream().map(StoredPublish::publish);
    }

    @ParameterizedTest
    @MethodSource("publishes")
    void whatIsKeptDecidesAsTheWholeDoes(SessionPublish whole) {
        SessionPublish kept = PublishCache.trimmed(whole);

        for (SourceState source : SourceState.values()) {
            assertThat(rest(kept, source).isIdle())
                    .isEqualTo(rest(whole, source).isIdle());
            assertThat(rest(kept, source).expiry())
                    .isEqualTo(rest(whole, source).expiry());
        }
        assertThat(Deletion.isSettled(kept, Optional.empty())).isEqualTo(Deletion.isSettled(whole, Optional.empty()));
        assertThat(kept.getSpec().projectName()).isEqualTo(whole.getSpec().projectName());
        assertThat(kept.getSpec().source()).isEqualTo(whole.getSpec().source());
        assertThat(new SpecOrRetryChanged().accept(whole, kept)).isFalse();
    }

    private static PublishSchedule rest(SessionPublish publish, SourceState source) {
        return new PublishSchedule(publish, Optional.empty(), source, true, StoredPublish.CLOCK);
    }

    @Test
    void whatHoldsItAndWhatItIsCalledIsKept() {
        SessionPublish whole = new StoredPublish().phase(Phase.Pushed).publish();
        whole.getMetadata().setResourceVersion("17");
        whole.getMetadata().setCreationTimestamp("2026-03-01T10:00:00Z");
        whole.getMetadata().setFinalizers(List.of("sessionpublish.dev/close-pull-request"));
        whole.getMetadata().setDeletionTimestamp("2026-03-01T12:00:00Z");

        SessionPublish kept = PublishCache.trimmed(whole);

        assertThat(kept.getMetadata())
                .isEqualTo(new ObjectMetaBuilder()
                        .withNamespace("team")
                        .withName("fix")
                        .withUid("uid-1")
                        .withGeneration(3L)
                        .withResourceVersion("17")
                        .withCreationTimestamp("2026-03-01T10:00:00Z")
                        .withFinalizers("sessionpublish.dev/close-pull-request")
                        .withDeletionTimestamp("2026-03-01T12:00:00Z")
                        .build());
        assertThat(kept.isMarkedForDeletion()).isTrue();
    }

    @Test
    void textsOfPeopleAndToolsAreNotKept() {
        SessionPublish whole = new StoredPublish()
                .phase(Phase.Pushed)
                .spec("body", "Long.")
                .status("message", "Pushed.")
                .history("git.push.started")
                .publish();
        whole.getMetadata().setAnnotations(Map.of("kubectl.kubernetes.io/last-applied-configuration", "{}"));
        ItemStore<SessionPublish> memory = PublishCache.store();

        assertThat(memory.put("team/fix", whole)).isNull();

        assertThat(Serialization.asJson(memory.get("team/fix")))
                .doesNotContain("Long.", "Pushed.", "git.push.started", "last-applied");
        assertThat(memory.getKey(whole)).isEqualTo("team/fix");
        assertThat(memory.values()).hasSize(1);
        assertThat(memory.remove("team/fix")).isNotNull();
        assertThat(memory.size()).isZero();
    }

    @Test
    void managedFieldsAreNotReadAndAllElseOfTheMetadataIs() {
        SessionPublish read = WithoutManagedFields.serialization().unmarshal("""
                        apiVersion: sessionpublish.dev/v1alpha1
                        kind: SessionPublish
                        metadata:
                          name: fix
                          labels: {a: b}
                          managedFields: [{manager: kubectl, operation: Apply, fieldsV1: {"f:spec": {}}}]
                        spec: {projectRef: {name: web}, source: {podName: s7}}
                        """, SessionPublish.class);

        assertThat(read.getMetadata().getManagedFields()).isEmpty();
        assertThat(read.getMetadata().getLabels()).containsEntry("a", "b");
        assertThat(read.getMetadata().getAdditionalProperties()).isEmpty();
        assertThat(read.getSpec().source().podName()).isEqualTo("s7");
    }
}
