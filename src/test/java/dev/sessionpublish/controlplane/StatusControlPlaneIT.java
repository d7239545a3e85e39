package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the operator's status does on a real API server: to later changes of the spec, and to what kubectl prints. */
class StatusControlPlaneIT extends NamespaceScenario {
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("session-publish-operator")
            .withForce(true)
            .build();
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
    private static final String STARTED = "{push: {startedAt: '2026-01-01T00:00:00Z'}, ";
    private static final String PUSHING = STARTED + "phase: Pushing}";

    private String name = "";

    @BeforeEach
    void createAPublish() {
        name = "s7-" + UUID.randomUUID().toString().substring(0, 8);
        client.resource(publish("spec: {projectRef: {name: web}, source: {podName: s7}, headBranch: fix/login}"))
                .create();
    }

    /** A publish of this test's name, with a spec or a status as YAML in flow style. */
    private SessionPublish publish(String part) {
        String yaml = """
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionPublish
                metadata: {name: %s, namespace: %s}
                %s
                """;
        return client.getKubernetesSerialization()
                .unmarshal(yaml.formatted(name, namespace, part), SessionPublish.class);
    }

    /** As the operator writes it: server-side apply of the whole status, and nothing else. */
    private SessionPublish writeStatus(String status) {
        return client.resource(publish("status: " + status))
                .subresource("status")
                .patch(APPLY);
    }

    private SessionPublish edit(String json) {
        return client.resources(SessionPublish.class)
                .inNamespace(namespace)
                .withName(name)
                .patch(MERGE, "{\"spec\": " + json + "}");
    }

    private static final String FIXED = "is immutable once the push has started; create another SessionPublish";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"projectRef\": {\"name\": \"other\"}}",
                "{\"source\": {\"podName\": \"s8\"}}",
                "{\"source\": {\"container\": \"agent\"}}",
                "{\"baseBranch\": \"main\"}",
                "{\"headBranch\": \"other\"}",
                "{\"headBranch\": null}",
                "{\"createPullRequest\": false}",
                "{\"force\": true}",
                "{\"commit\": \"0123456789abcdef0123456789abcdef01234567\"}",
                "{\"uncommittedChanges\": \"Fail\"}"
            })
    void whatThePushDependsOnIsOpenBeforeItAndFixedOnceItHasStarted(String change) {
        edit(change);
        edit("{\"projectRef\": {\"name\": \"web\"}, \"source\": {\"podName\": \"s7\", \"container\": null},"
                + " \"baseBranch\": null, \"headBranch\": \"fix/login\", \"createPullRequest\": true, \"force\": false,"
                + " \"commit\": null, \"uncommittedChanges\": \"Ignore\"}");
        writeStatus(PUSHING);

        String field = change.replaceFirst("^\\{\"(\\w+)\".*", "$1");
        assertThatThrownBy(() -> edit(change))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("spec." + field + ": Forbidden: " + FIXED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"title\": \"T\"}",
                "{\"body\": \"B\"}",
                "{\"labels\": [\"bug\"]}",
                "{\"reviewers\": [\"octocat\"]}",
                "{\"assignees\": [\"octocat\"]}",
                "{\"draft\": true}",
                "{\"merge\": {\"strategy\": \"None\"}}",
                "{\"suspend\": true}",
                "{\"ttlSecondsAfterFinished\": 60}",
                "{\"deletionPolicy\": \"Orphan\"}"
            })
    void whatThePushDoesNotDependOnStaysOpen(String change) {
        writeStatus(PUSHING);

        edit(change);
    }

    @Test
    void theSpecOpensAgainWhenThePublishFailedAndNothingWasPushed() {
        writeStatus(PUSHING);
        writeStatus(STARTED + "phase: Failed, reason: non-fast-forward}");

        assertThat(edit("{\"force\": true, \"headBranch\": \"other\"}")
                        .getSpec()
                        .force())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "phase: Failed, commit: 0123456789abcdef0123456789abcdef01234567}",
                "phase: PullRequestCreated, commit: 0123456789abcdef0123456789abcdef01234567}",
                "phase: Waiting}",
                "reason: unknown}"
            })
    void theSpecStaysFixedOtherwise(String status) {
        writeStatus(STARTED + status);

        assertThatThrownBy(() -> edit("{\"force\": true}")).hasMessageContaining("spec.force: Forbidden: " + FIXED);
    }

    @Test
    void aSpecCannotBeRemovedToUnlockIt() {
        writeStatus(PUSHING);

        assertThatThrownBy(() -> client.resources(SessionPublish.class)
                        .inNamespace(namespace)
                        .withName(name)
                        .patch(MERGE, "{\"spec\": null}"))
                .hasMessageContaining("spec: Required value");
    }

    @Test
    void theStatusCannotBeRemovedThroughTheObjectToUnlockTheSpec() {
        writeStatus(PUSHING);

        client.resources(SessionPublish.class)
                .inNamespace(namespace)
                .withName(name)
                .patch(MERGE, "{\"status\": null}");

        assertThatThrownBy(() -> edit("{\"force\": true}")).hasMessageContaining(FIXED);
    }

    @Test
    void theRepositoryOfAProjectIsShownAndFixed() {
        SessionProject project =
                client.getKubernetesSerialization().unmarshal("""
                        apiVersion: sessionpublish.dev/v1alpha1
                        kind: SessionProject
                        metadata: {name: web, namespace: %s}
                        spec: {repository: "https://github.com/acme/web"}
                        """.formatted(namespace), SessionProject.class);
        client.resource(project).create();

        assertThat(controlPlane
                        .kubectl(0, "get", "sproj", "web", "-n", namespace)
                        .lines())
                .satisfiesExactly(
                        header -> assertThat(header).matches("NAME +REPOSITORY +READY +DEFAULT-BRANCH +AGE *"),
                        row -> assertThat(row).matches("web +https://github.com/acme/web +\\S+ *"));
        assertThatThrownBy(() -> client.resource(project)
                        .patch(MERGE, "{\"spec\": {\"repository\": \"https://github.com/acme/other\"}}"))
                .hasMessageContaining("spec.repository: Forbidden: is immutable; create another SessionProject");
    }

    @Test
    void everyStatusThatTheRecordsCanHoldIsStoredAndReadBack() {
        SessionPublish written = publish("status: {observedGeneration: 1}");
        written.setStatus(FullStatus.publish());

        client.resource(written).subresource("status").patch(APPLY);
        SessionPublish read = client.resource(written).get();

        assertThat(read.getStatus()).isEqualTo(written.getStatus());
        written.setStatus(FullStatus.publish());
        assertThat(client.resource(written).subresource("status").patch(APPLY).getMetadata())
                .as("applying the same again writes nothing")
                .extracting("resourceVersion")
                .isEqualTo(read.getMetadata().getResourceVersion());
    }

    @Test
    void aLongerHistoryThanDocumentedIsRefused() {
        String entry = "{time: '2026-01-01T00:00:00Z', type: git.push.started},";

        writeStatus("{history: [" + entry.repeat(32) + "]}");

        assertThatThrownBy(() -> writeStatus("{history: [" + entry.repeat(33) + "]}"))
                .hasMessageContaining("status.history: Too many: 33: must have at most 32 items");
    }

    @Test
    void kubectlGetPrintsWhatAPersonWants() {
        SessionPublish written = publish("status: {observedGeneration: 1}");
        written.setStatus(FullStatus.publish());
        client.resource(written).subresource("status").patch(APPLY);

        assertThat(controlPlane.kubectl(0, "get", "spub", name, "-n", namespace).lines())
                .satisfiesExactly(
                        header -> assertThat(header).matches("NAME +PHASE +BRANCH +PULL-REQUEST +REASON +AGE *"),
                        row -> assertThat(row)
                                .matches(name + " +PullRequestCreated +fix/login +https://github.com/acme/web/pull/7"
                                        + " +forbidden +\\S+ *"));
        assertThat(controlPlane
                        .kubectl(0, "get", "spub", name, "-n", namespace, "-o", "wide")
                        .lines())
                .satisfiesExactly(
                        header -> assertThat(header)
                                .matches(
                                        "NAME +PHASE +BRANCH +PULL-REQUEST +REASON +AGE +PROJECT +COMMIT +STATE +CHECKS +REVIEW"
                                                + " +MERGEABLE +READY +MESSAGE *"),
                        row -> assertThat(row)
                                .contains(
                                        " web ",
                                        FullStatus.COMMIT,
                                        " Draft ",
                                        " 1/3 ",
                                        " ReviewRequired ",
                                        " True ",
                                        "A sentence."));
        assertThat(controlPlane.kubectl(0, "get", "sessionpublishing", "-n", namespace))
                .contains("sessionpublish.sessionpublish.dev/" + name);
    }
}
