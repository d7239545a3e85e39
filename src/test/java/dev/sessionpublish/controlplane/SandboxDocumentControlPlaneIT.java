package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The sandboxes of docs/sandboxes.md clone, and what is committed there is published. Only repository and namespace are
 * replaced, and, where the page doesn't mount the CA of the forge, git is told to trust it.
 */
class SandboxDocumentControlPlaneIT extends ControlPlaneOperatorScenario {
    private static final Path PAGE = Path.of("docs", "sandboxes.md");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml\n(.*?)^```$");
    private static final Pattern REPOSITORY = Pattern.compile("https://(?:github|git\\.example)\\.com/acme/web");

    private static Team team;

    @BeforeAll
    static void prepare() throws Exception {
        team = team("page");
        DocumentShell shell = new DocumentShell(
                world.controlPlane(),
                Path.of(team.file("")).getParent(),
                Map.of("READ_TOKEN", team.token(), "CA", world.ca().caPem().toString()));
        shell.run(command("create secret generic web-clone"));
        shell.run(command("create configmap authorities").replace("ca.crt", "ca.crt=\"$CA\""));
    }

    private static String command(String part) {
        return ControlPlane.read(PAGE)
                .lines()
                .filter(line -> line.startsWith("    kubectl ") && line.contains(part))
                .findFirst()
                .orElseThrow()
                .strip()
                .replace("-n agents", "-n " + team.namespace());
    }

    private static HasMetadata object(String kind, String name) {
        return BLOCK.matcher(ControlPlane.read(PAGE))
                .results()
                .map(block -> block.group(1))
                .filter(yaml -> yaml.contains("\nkind: " + kind + "\n") && yaml.contains("\n  name: " + name + "\n"))
                .map(yaml -> REPOSITORY.matcher(yaml).replaceAll(team.url()))
                .map(yaml -> yaml.replace("namespace: agents", "namespace: " + team.namespace()))
                .map(yaml ->
                        (HasMetadata) world.admin().getKubernetesSerialization().unmarshal(yaml))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"private", "private-ca", "non-root"})
    void aPodOfThePageIsASandbox(String name) throws Exception {
        Pod pod = (Pod) object("Pod", name);
        trustTheForge(pod.getSpec());
        world.admin().resource(pod).create();

        assertPublishes(name);
    }

    @Test
    void aPodOfTheTemplateIsASandbox() throws Exception {
        StatefulSet set = (StatefulSet) object("StatefulSet", "agent");
        trustTheForge(set.getSpec().getTemplate().getSpec());
        world.admin().resource(set).create();

        assertPublishes("agent-0");
    }

    /** The repository here is private: where the page clones a public one, git is given the credential as well. */
    private static void trustTheForge(PodSpec pod) {
        boolean isPublic = pod.getVolumes().stream().noneMatch(each -> each.getSecret() != null);
        for (Container clone : pod.getInitContainers()) {
            List<EnvVar> env = clone.getEnv();
            if (env.stream().noneMatch(each -> each.getName().equals("GIT_SSL_CAINFO"))) {
                env.add(new EnvVar("GIT_SSL_NO_VERIFY", "true", null));
            }
            if (isPublic) {
                String credential = Base64.getEncoder()
                        .encodeToString(("x-access-token:" + team.token()).getBytes(StandardCharsets.UTF_8));
                env.add(new EnvVar("GIT_CONFIG_COUNT", "1", null));
                env.add(new EnvVar("GIT_CONFIG_KEY_0", "http.extraHeader", null));
                env.add(new EnvVar("GIT_CONFIG_VALUE_0", "Authorization: Basic " + credential, null));
            }
        }
    }

    private static void assertPublishes(String pod) throws Exception {
        team.kubectl(0, "wait", "--for=create", "--timeout=50s", "pod/" + pod);
        team.kubectl(0, "wait", "--for=condition=Ready", "--timeout=50s", "pod/" + pod);
        team.kubectl(
                0,
                "exec",
                pod,
                "-c",
                "agent",
                "--",
                "sh",
                "-ec",
                "cd /workspace/repo; git checkout -q -B agent/" + pod + "; echo 1 >work; git add work;"
                        + " git -c user.name=Agent -c user.email=agent@example.com commit -qm Work");
        String head =
                team.kubectl(0, "exec", pod, "-c", "agent", "--", "git", "-C", "/workspace/repo", "rev-parse", "HEAD");
        team.apply(team.publishYaml(pod, "").replace("podName: s7", "podName: " + pod));

        SessionPublishStatus status = team.awaitEnd(pod, Phase.PullRequestCreated, null);
        assertThat(status.headBranch()).isEqualTo("agent/" + pod);
        assertThat(team.tip("agent/" + pod)).contains(head.strip());
    }
}
