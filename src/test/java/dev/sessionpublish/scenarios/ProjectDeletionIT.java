package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.EmbeddedWorld;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What becomes of a project that is deleted while publishes need it to close their pull requests. */
class ProjectDeletionIT extends OperatorScenario {
    private static final String CLOSE = "  deletionPolicy: ClosePullRequest";
    private static final String FINALIZER = "sessionpublish.dev/close-pull-request";

    private static Scene published(String more) throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        scene.publish(more);
        scene.awaitPhase(Phase.PullRequestCreated);
        return scene;
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(90));
    }

    private static void deletePublish(Scene scene) {
        world().client().resource(scene.get()).delete();
    }

    private static void deleteProject(Scene scene) {
        world().client().resource(scene.storedProject().orElseThrow()).delete();
    }

    private static List<String> finalizers(Scene scene) {
        return scene.storedProject().orElseThrow().getMetadata().getFinalizers();
    }

    private static boolean isProjectGone(Scene scene) {
        return scene.storedProject().isEmpty();
    }

    private static String state(Scene scene) {
        return scene.pulls().get(0).state();
    }

    private static String message(Scene scene) {
        return scene.storedProject()
                .map(SessionProject::getStatus)
                .flatMap(status -> status.conditions().stream()
                        .filter(each -> each.getType().equals("Ready"))
                        .findFirst())
                .map(Condition::getMessage)
                .orElse("");
    }

    private static void awaitHeld(Scene scene) {
        await().untilAsserted(() -> assertThat(message(scene))
                .contains("stays until these publishes are gone", ": " + scene.name() + ".", "to Orphan"));
    }

    @RepeatedTest(3)
    void thePullRequestIsClosedWhenBothAreDeletedTogether() throws Exception {
        Scene scene = published(CLOSE);
        assertThat(finalizers(scene)).containsExactly(FINALIZER);

        deleteProject(scene);
        deletePublish(scene);

        await().until(() -> scene.get() == null && isProjectGone(scene));
        assertThat(state(scene)).isEqualTo("closed");
    }

    @Test
    void aProjectThatNothingNeedsIsNotHeldAndCostsNoRequest() throws Exception {
        Scene scene = published("");
        assertThat(finalizers(scene)).isEmpty();
        int before = scene.audit().size();

        deleteProject(scene);

        await().until(() -> isProjectGone(scene));
        assertThat(scene.audit().stream().skip(before))
                .noneMatch(entry -> entry.verb().equals("list") && entry.path().endsWith("/sessionpublishes"));
    }

    @Test
    void itStaysForAPublishThatIsLeftAndSaysForWhich() throws Exception {
        Scene scene = published(CLOSE);

        deleteProject(scene);

        awaitHeld(scene);
        deletePublish(scene);
        await().until(() -> scene.get() == null && isProjectGone(scene));
        assertThat(state(scene)).isEqualTo("closed");
    }

    @Test
    void whileItIsBeingDeletedNothingIsPublished() throws Exception {
        Scene scene = published(CLOSE);
        deleteProject(scene);
        awaitHeld(scene);
        Scene late = scene.another();
        late.sandbox();

        late.publish("");

        assertThat(late.ended().getStatus().message())
                .contains("There is no SessionProject " + scene.name() + " in this namespace, or it is being deleted");
        scene.publish("  deletionPolicy: Orphan");
        await().until(() -> isProjectGone(scene));
        assertThat(state(scene)).isEqualTo("open");
    }

    @Test
    void itIsReleasedWithTheLastPublishThatNeedsIt() throws Exception {
        Scene scene = published(CLOSE);
        Scene second = scene.another();
        second.sandbox();
        second.publish(CLOSE);
        second.awaitPhase(Phase.PullRequestCreated);

        scene.publish("  deletionPolicy: Orphan");
        await().until(() -> scene.get().getMetadata().getFinalizers().isEmpty());
        assertThat(finalizers(scene)).containsExactly(FINALIZER);
        deletePublish(second);

        await().until(() -> second.get() == null && finalizers(scene).isEmpty());
    }

    @Test
    void withoutItsSecretItGoesBecauseNothingCanBeClosed() throws Exception {
        Scene scene = published(CLOSE);
        deleteProject(scene);
        awaitHeld(scene);

        world().client()
                .secrets()
                .inNamespace(EmbeddedWorld.NAMESPACE)
                .withName(scene.name())
                .delete();

        await().until(() -> isProjectGone(scene));
        assertThat(scene.get()).isNotNull();
        deletePublish(scene);
        await().until(() -> scene.get() == null);
        assertThat(state(scene)).isEqualTo("open");
    }

    @Test
    void aProjectThatIsCreatedAgainIsHeldAgain() throws Exception {
        Scene scene = published(CLOSE);
        world().client().resource(scene.storedProject().orElseThrow()).edit(project -> {
            project.getMetadata().setFinalizers(List.of());
            return project;
        });

        await().until(() -> finalizers(scene).contains(FINALIZER));
    }
}
