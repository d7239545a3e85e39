package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.gitea.GiteaOrganization;
import dev.sessionpublish.gitea.GiteaRepository;
import dev.sessionpublish.gitea.GiteaServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/tasks/gitea.md, followed to the letter on a real API server and a real Gitea: each file that it says to save is
 * saved, each command is run by a shell, with only host, repository and namespace replaced. The operator's Deployment
 * has no replicas here; in its place the packaged operator gets the files that the Deployment would mount.
 */
@Tag("control-plane")
@Tag("forge")
class GiteaDocumentIT {
    private static final Path PAGE = Path.of("docs", "tasks", "gitea.md");

    /** A file to save, or commands to run. */
    private static final Pattern STEP = Pattern.compile(
            "(?ms)Save\\s+this\\s+as\\s+`([\\w.]+)`[^`]*?\n\n```yaml\n(.*?)^```$|" + "(?:^ {4}\\S[^\n]*\n)+");

    private static final String OPERATOR = "session-publish-operator";

    @AutoClose
    private final GiteaServer gitea = GiteaServer.running();

    @TempDir
    private Path directory;

    @Test
    void thePageWorksWhenFollowedLiterally() throws Exception {
        GiteaOrganization organization = GiteaOrganization.create(gitea);
        GiteaRepository web = organization.createRepository("web");
        web.createLabel("agent");
        organization.createCollaborator("agent-bot", web, "write");
        String token = organization.createToken("agent-bot", "write:repository", "write:issue");
        Files.copy(gitea.caPem(), directory.resolve("ca.pem"));
        try (ControlPlaneWorld world = ControlPlaneWorld.start(Files.createDirectory(directory.resolve("world")))) {
            Reader reader = new Reader(world, web, organization.run(), token);
            deployWithoutReplicas(world.admin());
            try {
                reader.follow("## 1.");
                try (PackagedOperator operator = world.startOperator(asMounted(world.admin()))) {
                    reader.follow("## 3.");
                    SandboxCheckout checkout = sandbox(web, reader);
                    String published = reader.follow("## 4.");
                    String handedOver = reader.follow("## 5.");

                    assertThat(published).contains("PullRequestCreated").contains(web.url() + "/pulls/1");
                    JsonNode pull = web.pull(1);
                    assertThat(pull.path("title").asText()).isEqualTo("WIP: Keep passwords out of URLs");
                    assertThat(pull.path("labels").findValuesAsText("name")).containsExactly("agent");
                    assertThat(pull.path("head").path("sha").asText()).isEqualTo(checkout.head());
                    assertThat(handedOver)
                            .contains(web.url() + "/compare/main...handover/fix-login?expand=1")
                            .contains("tea pulls create --repo '" + web.path() + "'");
                    assertThat(operator.log()).doesNotContain(token);
                }
            } finally {
                cleanUp(world.admin(), reader.namespace);
            }
        }
    }

    private static void deployWithoutReplicas(KubernetesClient admin) {
        ControlPlaneWorld.manifest().stream()
                .filter(Deployment.class::isInstance)
                .map(Deployment.class::cast)
                .forEach(each -> {
                    each.getSpec().setReplicas(0);
                    admin.resource(each).forceConflicts().serverSideApply();
                });
    }

    /** What the patched Deployment would give to the operator. */
    private Map<String, String> asMounted(KubernetesClient admin) throws IOException {
        Deployment deployment = admin.apps()
                .deployments()
                .inNamespace(ControlPlaneWorld.OPERATOR_NAMESPACE)
                .withName(OPERATOR)
                .get();
        var pod = deployment.getSpec().getTemplate().getSpec();
        var container = pod.getContainers().get(0);
        String setting = container.getEnv().stream()
                .filter(each -> each.getName().equals("SESSION_PUBLISH_FORGES"))
                .findFirst()
                .orElseThrow()
                .getValue();
        var mount = container.getVolumeMounts().stream()
                .filter(each -> setting.startsWith(each.getMountPath() + "/"))
                .findFirst()
                .orElseThrow();
        String configMap = pod.getVolumes().stream()
                .filter(each -> each.getName().equals(mount.getName()))
                .findFirst()
                .orElseThrow()
                .getConfigMap()
                .getName();
        ConfigMap mounted = admin.configMaps()
                .inNamespace(ControlPlaneWorld.OPERATOR_NAMESPACE)
                .withName(configMap)
                .get();
        Path root = Files.createDirectory(directory.resolve("mounted"));
        for (Map.Entry<String, String> file : mounted.getData().entrySet()) {
            Files.writeString(root.resolve(file.getKey()), file.getValue());
        }
        Path forges = root.resolve(setting.substring(mount.getMountPath().length() + 1));
        assertThat(forges).exists();
        return Map.of("SESSION_PUBLISH_FORGES", forges.toString());
    }

    private SandboxCheckout sandbox(GiteaRepository web, Reader reader) throws Exception {
        Path workspace = directory.resolve("sandbox");
        SandboxCheckout checkout = SandboxCheckout.cloneOf(gitea.bare(web), workspace.resolve("repo"))
                .branch("agent/fix-login")
                .commit("Send the login form by POST", "login.html", "<form method=\"post\">\n");
        Files.writeString(directory.resolve("sandbox.yaml"), """
                apiVersion: v1
                kind: Pod
                metadata: {namespace: %s, name: s1, labels: {sessionpublish.dev/sandbox: "true"}}
                spec:
                  terminationGracePeriodSeconds: 1
                  automountServiceAccountToken: false
                  containers:
                    - name: agent
                      image: none
                      command: [sleep, infinity]
                      volumeMounts: [{name: workspace, mountPath: /workspace}]
                  volumes: [{name: workspace, hostPath: {path: "%s"}}]
                """.formatted(reader.namespace, workspace));
        reader.run("kubectl -n " + reader.namespace + " wait --for=create --timeout=60s serviceaccount/default\n"
                + "kubectl apply -f sandbox.yaml\n"
                + "kubectl -n " + reader.namespace + " wait --for=condition=Ready --timeout=60s pod/s1\n");
        return checkout;
    }

    private static void cleanUp(KubernetesClient admin, String namespace) {
        admin.configMaps()
                .inNamespace(ControlPlaneWorld.OPERATOR_NAMESPACE)
                .withName("forges")
                .delete();
        admin.apps()
                .deployments()
                .inNamespace(ControlPlaneWorld.OPERATOR_NAMESPACE)
                .withName(OPERATOR)
                .delete();
        admin.pods().inNamespace(namespace).withGracePeriod(0).delete();
        admin.namespaces().withName(namespace).delete();
    }

    /** Does what the page says, in a directory of its own. */
    private final class Reader {
        private final ControlPlaneWorld world;
        private final GiteaRepository web;
        private final String token;
        private final String namespace;

        Reader(ControlPlaneWorld world, GiteaRepository web, String run, String token) {
            this.world = world;
            this.web = web;
            this.token = token;
            this.namespace = "agents-" + run;
        }

        /** @return what the commands of the section printed */
        String follow(String section) throws Exception {
            StringBuilder printed = new StringBuilder();
            int steps = 0;
            for (Matcher step = STEP.matcher(section(section)); step.find(); steps++) {
                if (step.group(1) == null) {
                    printed.append(run(own(step.group().stripIndent())));
                } else {
                    Files.writeString(directory.resolve(step.group(1)), own(step.group(2)));
                }
            }
            assertThat(steps).as(section).isGreaterThan(1);
            return printed.toString();
        }

        private static String section(String heading) throws IOException {
            String page = Files.readString(PAGE);
            int start = page.indexOf("\n" + heading);
            assertThat(start).as(heading).isNotNegative();
            int end = page.indexOf("\n## ", start + 1);
            return page.substring(start + 1, end < 0 ? page.length() : end + 1);
        }

        private String own(String text) {
            String host = URI.create(web.url()).getAuthority();
            return text.replace("https://git.example.com/acme/web", web.url())
                    .replace("git.example.com", host)
                    .replaceAll("\\bagents\\b", namespace);
        }

        String run(String commands) throws Exception {
            return new DocumentShell(world.controlPlane(), directory, Map.of("TOKEN", token)).run(commands);
        }
    }
}
