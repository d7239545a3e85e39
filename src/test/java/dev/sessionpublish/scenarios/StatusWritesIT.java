package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.HistoryEntry;
import dev.sessionpublish.api.v1alpha1.ObservedPullRequestBuilder;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatusBuilder;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.embedded.cluster.ApiRequest;
import dev.sessionpublish.publish.PublishReason;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose status is stored when others write the object meanwhile, and what becomes of a status that is refused. */
class StatusWritesIT extends OperatorScenario {
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("session-publish-operator")
            .withForce(true)
            .build();
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    @AfterEach
    void clearFaults() {
        world().cluster().faults().clear();
    }

    private static Predicate<ApiRequest> statusWrite(Scene scene) {
        return request -> request.method().equals("PATCH")
                && request.path().endsWith("/sessionpublishes/" + scene.name() + "/status");
    }

    private static void edit(Scene scene, String json) {
        world().client()
                .resources(SessionPublish.class)
                .inNamespace(EmbeddedWorld.NAMESPACE)
                .withName(scene.name())
                .patch(MERGE, json);
    }

    /** As an operator that has taken over writes it. */
    private static void writeAsAnother(SessionPublish publish, SessionPublishStatus status) {
        SessionPublish applied = new SessionPublish();
        applied.setMetadata(new ObjectMetaBuilder()
                .withNamespace(publish.getMetadata().getNamespace())
                .withName(publish.getMetadata().getName())
                .build());
        applied.setStatus(status);
        world().client().resource(applied).subresource("status").patch(APPLY, applied);
    }

    @Test
    void anOperatorThatWasPausedLeavesTheStatusThatItsSuccessorHasWritten() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        Fault held = scene.publishAndHold(Fault.Match::holdingTheAnswer);
        SessionPublish journaled = scene.get();
        writeAsAnother(
                journaled,
                SessionPublishStatusBuilder.builder(Objects.requireNonNull(journaled.getStatus()))
                        .phase(Phase.PullRequestCreated)
                        .message("Opened by the successor.")
                        .commit(journaled.getStatus().push().commit())
                        .pullRequest(ObservedPullRequestBuilder.builder()
                                .number(7)
                                .url("https://example.com/pull/7")
                                .state("open")
                                .draft(false)
                                .adopted(false)
                                .build())
                        .finishedAt("2026-01-01T00:00:00Z")
                        .build());
        SessionPublishStatus ended = scene.get().getStatus();

        held.release();

        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> scene.audit().stream()
                .anyMatch(entry -> statusWrite(scene).test(entry.request()) && entry.code() == 409));
        Awaitility.await()
                .during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(10))
                .until(() -> scene.get().getStatus().equals(ended));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"metadata\": {\"labels\": {\"example.com/team\": \"web\"}}}",
                "{\"metadata\": {\"annotations\": {\"example.com/seen\": \"yes\"}}}"
            })
    void aChangeOfTheMetadataWithinThePushLosesNoStatus(String change) throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        Fault held = scene.publishAndHold(Fault.Match::holdingTheAnswer);

        edit(scene, change);
        held.release();

        scene.assertPublishedOnce(checkout);
        assertThat(scene.execs()).isEqualTo(1);
        assertThat(scene.pushes()).hasSize(1);
    }

    /** The status of the run says which generation it is of, so the change is noticed afterwards. */
    @Test
    void aChangeOfTheSpecWithinThePushLosesNoStatusAndIsSeenAfterwards() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        Fault held = scene.publishAndHold(Fault.Match::holdingTheAnswer);

        edit(scene, "{\"spec\": {\"title\": \"Another title\"}}");
        held.release();

        SessionPublishStatus end =
                scene.await(status -> status.observedGeneration() == 2 && status.finishedAt() != null);
        assertThat(end.commit()).isEqualTo(checkout.head());
        assertThat(scene.pulls()).hasSize(1);
        assertThat(scene.pulls().get(0).title()).isEqualTo("Another title");
        assertThat(scene.history())
                .containsExactly(
                        "git.push.started",
                        "git.push.succeeded",
                        "git.pr.started",
                        "git.pr.succeeded",
                        "git.pr.updated");
        assertThat(scene.eventActions()).isEqualTo(scene.history());
        assertThat(scene.execs()).isEqualTo(1);
        assertThat(scene.pushes()).hasSize(1);
    }

    @Test
    void aRefusedJournalSendsNothingAndSaysWhy() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        world().cluster()
                .faults()
                .fail(
                        request -> statusWrite(scene).test(request)
                                && request.body().contains("\"workspace\""),
                        422,
                        Integer.MAX_VALUE);

        scene.publish("");

        SessionPublish publish = Scene.inPhase(scene.ended(), Phase.Failed);
        assertThat(publish.getStatus().reason()).isEqualTo(PublishReason.STATUS_REFUSED.code());
        assertThat(scene.eventActions()).isEqualTo(List.of("git.push.failed"));
        assertThat(publish.getStatus().message())
                .startsWith("The API server refuses the status that must be stored before the push")
                .contains("a fault that a test asked for")
                .doesNotContain("https://");
        assertThat(publish.getStatus().source()).isNotNull();
        assertThat(publish.getStatus().workspace()).isNull();
        assertThat(scene.pushes()).isEmpty();
        assertThat(scene.tip()).isEmpty();
    }

    @Test
    void aStatusThatIsRefusedAfterThePushIsStoredWithoutItsText() throws Exception {
        Scene scene = scene().ready();
        SandboxCheckout checkout = scene.sandbox();
        world().cluster()
                .faults()
                .fail(
                        request -> statusWrite(scene).test(request)
                                && !request.body().contains("\"Pushing\"")
                                && (request.body().contains("\"workspace\"")
                                        || request.body().contains("\"pullRequestText\"")
                                        || request.body().contains("\"head-branch\"")),
                        422,
                        Integer.MAX_VALUE);

        scene.publish("");

        SessionPublishStatus end = scene.end();
        scene.assertPublishedOnce(checkout);
        assertThat(end.commit()).isEqualTo(checkout.head());
        assertThat(end.push().bytes()).isPositive();
        assertThat(end.pullRequest().number()).isEqualTo(scene.pulls().get(0).number());
        assertThat(end.conditions()).hasSize(8);
        assertThat(end.workspace()).isNull();
        assertThat(end.history()).extracting(HistoryEntry::data).containsOnlyNulls();
    }

    @Test
    void aRefusedStatusOfAProjectIsStoredWithoutWhatTheForgeSays() throws Exception {
        Scene scene = scene();
        world().cluster()
                .faults()
                .fail(
                        request -> request.method().equals("PATCH")
                                && request.path().endsWith("/sessionprojects/" + scene.name() + "/status")
                                && request.body().contains("\"repository\""),
                        422,
                        Integer.MAX_VALUE);

        scene.ready();

        assertThat(scene.storedProject().orElseThrow().getStatus().repository()).isNull();
        assertThat(Scene.condition(
                        scene.storedProject().orElseThrow().getStatus().conditions(), "Ready"))
                .isEqualTo("True Ready");
    }
}
