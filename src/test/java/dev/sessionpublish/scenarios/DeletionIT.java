package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.GitHubFault;
import dev.sessionpublish.embedded.GitHubReply;
import dev.sessionpublish.embedded.GitHubToken;
import dev.sessionpublish.forge.Forge;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of the pull request when its publish is deleted. */
class DeletionIT extends OperatorScenario {
    private static final String CLOSE = "  deletionPolicy: ClosePullRequest";

    @AfterEach
    void endFaults() {
        world().gitHub().clearFaults();
    }

    private static Scene published(String more) throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        scene.publish(more);
        scene.awaitPhase(Phase.PullRequestCreated);
        return scene;
    }

    private static void delete(Scene scene) {
        world().client().resource(scene.get()).delete();
    }

    private static void awaitGone(Scene scene) {
        Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> scene.get() == null);
    }

    private static List<Event> events(String uid, String reason) {
        return world().client().events().v1().events().inNamespace(EmbeddedWorld.NAMESPACE).list().getItems().stream()
                .filter(event -> uid.equals(event.getRegarding().getUid()))
                .filter(event -> event.getReason().equals(reason))
                .toList();
    }

    private static String uid(Scene scene) {
        return scene.get().getMetadata().getUid();
    }

    private static List<String> finalizers(Scene scene) {
        return scene.get().getMetadata().getFinalizers();
    }

    private static String state(Scene scene) {
        return scene.pulls().get(0).state();
    }

    @Test
    void withoutAPolicyItStaysAndNothingHoldsTheObject() throws Exception {
        Scene scene = published("");
        assertThat(finalizers(scene)).isEmpty();

        delete(scene);

        awaitGone(scene);
        assertThat(state(scene)).isEqualTo("open");
    }

    @Test
    void itIsClosedBeforeTheObjectGoesAndTheBranchStays() throws Exception {
        Scene scene = published(CLOSE);
        assertThat(finalizers(scene)).containsExactly("sessionpublish.dev/close-pull-request");
        String uid = uid(scene);

        delete(scene);

        awaitGone(scene);
        assertThat(state(scene)).isEqualTo("closed");
        assertThat(scene.tip()).isPresent();
        assertThat(events(uid, "PullRequestClosed")).singleElement().satisfies(event -> assertThat(event.getNote())
                .contains("#" + scene.pulls().get(0).number()));
    }

    @Test
    void thePolicyCanBeChangedAfterTheEnd() throws Exception {
        Scene scene = published("");

        scene.publish(CLOSE);
        Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> !finalizers(scene)
                .isEmpty());
        scene.publish("  deletionPolicy: Orphan");
        Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> finalizers(scene)
                .isEmpty());

        delete(scene);
        awaitGone(scene);
        assertThat(state(scene)).isEqualTo("open");
    }

    @Test
    void oneThatIsMergedStaysMerged() throws Exception {
        Scene scene = published(CLOSE);
        world().gitHub().repository(scene.repository()).end(scene.pulls().get(0).number(), true);

        delete(scene);

        awaitGone(scene);
        assertThat(scene.pulls().get(0).merged()).isTrue();
    }

    @Test
    void whatNeverGotAnywhereGoesAtOnce() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox().checkout("main");
        scene.publish(CLOSE);
        scene.awaitPhase(Phase.NothingToPublish);
        int asked = scene.apiRequests().size();

        delete(scene);

        awaitGone(scene);
        assertThat(scene.apiRequests()).hasSize(asked);
    }

    @Test
    void withoutTheSecretItIsLeftOpenAndTheObjectGoes() throws Exception {
        Scene scene = published(CLOSE);
        String uid = uid(scene);
        world().client()
                .secrets()
                .inNamespace(EmbeddedWorld.NAMESPACE)
                .withName(scene.name())
                .delete();

        delete(scene);

        awaitGone(scene);
        assertThat(state(scene)).isEqualTo("open");
        assertThat(events(uid, "PullRequestLeft")).singleElement().satisfies(event -> {
            assertThat(event.getType()).isEqualTo("Warning");
            assertThat(event.getNote()).contains("does not exist in this namespace. Create it with the key token");
        });
    }

    @Test
    void aProjectThatHasBeenMadeAnewForAnotherRepositoryClosesNothingThere() throws Exception {
        Scene scene = published(CLOSE);
        Scene other = published("");
        world().gitHub().token(scene.token(), "agent-bot").may(GitHubToken.Access.WRITE, other.repository());
        String uid = uid(scene);
        scene.replaceProject(other.repository());

        delete(scene);

        awaitGone(scene);
        assertThat(state(scene)).isEqualTo("open");
        assertThat(state(other)).isEqualTo("open");
        assertThat(events(uid, "PullRequestLeft")).hasSize(1);
    }

    @Test
    void aForgeThatFailsIsAskedAgainAndTheStatusSaysSo() throws Exception {
        Scene scene = published(CLOSE);
        world().gitHub()
                .next(GitHubFault.answer(
                                "PATCH",
                                ".*/" + scene.repository() + "/(pulls|issues)/.*",
                                GitHubReply.error(502, "Bad gateway"))
                        .times(1_000));

        delete(scene);

        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .until(() -> scene.get().getStatus().message().contains("could not be closed"));
        assertThat(scene.get().getStatus().message()).contains("Set spec.deletionPolicy to Orphan");
        assertThat(scene.get().getStatus().nextAttemptAt()).isNotNull();
        world().gitHub().clearFaults();
        awaitGone(scene);
        assertThat(state(scene)).isEqualTo("closed");
    }

    @Test
    void orphanLetsGoOfWhatCannotBeClosed() throws Exception {
        Scene scene = published(CLOSE);
        world().gitHub().revoke(scene.token());
        delete(scene);
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .until(() -> scene.get().getStatus().message().contains("could not be closed"));

        scene.publish("  deletionPolicy: Orphan");

        awaitGone(scene);
        assertThat(state(scene)).isEqualTo("open");
    }

    @Test
    void theLastPublishThatHasItClosesIt() throws Exception {
        Scene scene = published(CLOSE);
        String second = scene.name() + "-again";
        world().cluster().applyYaml("""
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionPublish
                metadata: {namespace: %s, name: %s}
                spec:
                  projectRef: {name: %s}
                  source: {podName: %s}
                  deletionPolicy: ClosePullRequest
                """.formatted(EmbeddedWorld.NAMESPACE, second, scene.name(), scene.name()));
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .until(() -> world().get(second).getStatus() != null
                        && world().get(second).getStatus().phase() == Phase.PullRequestCreated);

        delete(scene);
        awaitGone(scene);
        assertThat(state(scene)).isEqualTo("open");

        world().client().resource(world().get(second)).delete();
        Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> world().get(second) == null);
        assertThat(state(scene)).isEqualTo("closed");
    }

    @Test
    void oneThatWasOpenedButNeverWrittenDownIsFoundAndClosed() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        world().gitHub()
                .next(GitHubFault.of(
                        GitHubFault.Kind.RESET_AFTER_EFFECT, "POST", ".*/" + scene.repository() + "/pulls"));
        world().gitHub()
                .next(GitHubFault.answer(
                                "GET", ".*/" + scene.repository() + "/pulls.*", GitHubReply.error(502, "Bad gateway"))
                        .times(1_000));
        scene.publish(CLOSE);
        scene.await(status -> status.phase() == Phase.OpeningPullRequest && status.nextAttemptAt() != null
                || status.phase() == Phase.ManualPullRequestRequired);
        assertThat(scene.pulls()).hasSize(1);
        world().gitHub().clearFaults();
        world().client().resource(scene.get()).delete();

        awaitGone(scene);
        Forge.PullRequest left =
                scene.byAPerson().pullRequest(scene.pulls().get(0).number());
        assertThat(left.state()).isEqualTo(Forge.State.CLOSED);
    }
}
