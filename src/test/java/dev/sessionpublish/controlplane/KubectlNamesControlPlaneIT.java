package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each verb of kubectl takes each name of a kind, and touches that kind alone. */
class KubectlNamesControlPlaneIT extends NamespaceScenario {

    @BeforeEach
    void createOneOfEachKind() {
        client.resource(client.getKubernetesSerialization().unmarshal("""
                        apiVersion: sessionpublish.dev/v1alpha1
                        kind: SessionProject
                        metadata: {name: web, namespace: %s}
                        spec: {repository: "https://github.com/acme/web"}
                        """.formatted(namespace), SessionProject.class))
                .serverSideApply();
        client.resource(client.getKubernetesSerialization().unmarshal("""
                        apiVersion: sessionpublish.dev/v1alpha1
                        kind: SessionPublish
                        metadata: {name: fix, namespace: %s}
                        spec: {projectRef: {name: web}, source: {podName: s7}}
                        """.formatted(namespace), SessionPublish.class))
                .serverSideApply();
    }

    private String kubectl(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-n", namespace));
        return controlPlane.kubectl(0, all.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sessionpublish", "sessionpublishes", "spub", "SessionPublish"})
    void everyVerbTakesEveryNameOfAPublish(String kind) {
        assertThat(kubectl("get", kind, "fix", "-o", "name")).contains("sessionpublish.sessionpublish.dev/fix");
        assertThat(kubectl("get", kind)).contains("fix").doesNotContain("web ");
        assertThat(kubectl("describe", kind, "fix")).contains("Kind:", "SessionPublish");
        kubectl("annotate", kind, "fix", "--overwrite", "sessionpublish.dev/retry-at=" + kind);
        kubectl("label", kind, "fix", "--overwrite", "team=" + kind);
        kubectl("patch", kind, "fix", "--type=merge", "-p", "{\"spec\": {\"title\": \"" + kind + "\"}}");
        kubectl("wait", kind, "fix", "--for=jsonpath={.spec.title}=" + kind, "--timeout=30s");
        assertThat(controlPlane
                        .edit("sed -i s/title:.*/title:\\ edited/", kind, "fix", "-n", namespace)
                        .exit())
                .isZero();
        assertThat(kubectl("explain", kind)).contains("KIND:       SessionPublish");

        assertThat(kubectl("delete", kind, "--all")).contains("\"fix\" deleted").doesNotContain("web");
        assertThat(kubectl("get", "sproj", "web", "-o", "name")).contains("web");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sessionproject", "sessionprojects", "sproj", "SessionProject"})
    void everyVerbTakesEveryNameOfAProject(String kind) {
        assertThat(kubectl("get", kind, "web", "-o", "name")).contains("sessionproject.sessionpublish.dev/web");
        assertThat(kubectl("describe", kind, "web")).contains("SessionProject");
        assertThat(kubectl("delete", kind, "--all")).contains("\"web\" deleted").doesNotContain("fix");
        assertThat(kubectl("get", "spub", "fix", "-o", "name")).contains("fix");
    }

    @Test
    void theCategoryListsBothKinds() {
        assertThat(kubectl("get", "sessionpublishing", "-o", "name"))
                .contains("sessionpublish.sessionpublish.dev/fix", "sessionproject.sessionpublish.dev/web");
    }
}
