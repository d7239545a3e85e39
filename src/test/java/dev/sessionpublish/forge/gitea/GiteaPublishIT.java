package dev.sessionpublish.forge.gitea;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sessionpublish.OperatorInProcess;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.EmbeddedCluster;
import dev.sessionpublish.embedded.RealGit;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.gitea.GiteaOrganization;
import dev.sessionpublish.gitea.GiteaRepository;
import dev.sessionpublish.gitea.GiteaServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Whole publishes to a real Gitea, from embedded sandboxes. */
@Tag("control-plane")
@Tag("forge")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GiteaPublishIT {
    private static final String NAMESPACE = "agents";

    @AutoClose
    private final GiteaServer gitea = GiteaServer.running();

    private Path directory;
    private GiteaOrganization organization;
    private GiteaRepository web;
    private EmbeddedCluster cluster;
    private OperatorInProcess operator;
    private String token;
    private int count;

    @BeforeAll
    void start(@TempDir Path shared) throws IOException {
        directory = shared;
        organization = GiteaOrganization.create(gitea);
        organization.createUser("writer");
        token = organization.createToken("writer", "write:repository", "write:issue");
        cluster = EmbeddedCluster.in(directory.resolve("cluster"))
                .crds(Path.of("crds"))
                .start();
        Path forges = Files.writeString(
                directory.resolve("forges.yaml"), gitea.settings().forgesEntry());
        operator = OperatorInProcess.start(
                cluster.config(),
                Map.of(
                        "SESSION_PUBLISH_FORGES",
                        forges.toString(),
                        "SESSION_PUBLISH_PROBE_PORT",
                        "0",
                        "SESSION_PUBLISH_METRICS_PORT",
                        "0",
                        "SESSION_PUBLISH_RETRY_INITIAL",
                        "PT1S",
                        "SESSION_PUBLISH_RETRY_MAX",
                        "PT2S"));
    }

    @AfterAll
    void stop() throws IOException {
        operator.close();
        cluster.close();
    }

    @BeforeEach
    void anew() throws IOException {
        web = organization.createRepository("web-" + ++count);
        web.createLabel("agent");
        web.addCollaborator(organization.login("writer"), "write");
    }

    @Test
    void theWorkBecomesABranchAndAPullRequest() throws IOException {
        project("token", "forge: Gitea, pullRequests: {draft: true, labels: [agent, unheard-of]}");
        SandboxCheckout checkout = sandbox().branch("fix/login").commit("Keep passwords out of URLs", "a.txt", "a");

        SessionPublishStatus status = publish("body: \"It was **asked** for.\"");

        assertThat(status.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(status.commit()).isEqualTo(checkout.head());
        assertThat(tip("fix/login")).isEqualTo(checkout.head());
        assertThat(status.pullRequest().draft()).isTrue();
        assertThat(status.message()).contains("unheard-of");
        JsonNode shown = web.pull(status.pullRequest().number());
        assertThat(shown.get("html_url").asText())
                .isEqualTo(status.pullRequest().url());
        assertThat(shown.get("title").asText()).isEqualTo("WIP: Keep passwords out of URLs");
        assertThat(shown.get("body").asText()).startsWith("It was **asked** for.");
        assertThat(shown.get("labels").findValuesAsText("name")).containsExactly("agent");
        assertThat(shown.get("head").get("sha").asText()).isEqualTo(checkout.head());
    }

    @Test
    void moreWorkUpdatesTheBranchAndItsPullRequestStays() throws IOException {
        project("token", "");
        SandboxCheckout checkout = sandbox().branch("fix/login").commit("One", "a.txt", "a");
        int number = publish("").pullRequest().number();
        checkout.commit("Two", "b.txt", "b");

        SessionPublishStatus again = publishAgain();

        assertThat(again.pullRequest().number()).isEqualTo(number);
        assertThat(web.pull(number).get("head").get("sha").asText()).isEqualTo(checkout.head());
        assertThat(web.pulls()).hasSize(1);
    }

    /** Gitea tells the branch's new tip as the head of the merged one. */
    @Test
    void workOnTopOfAMergedPullRequestGetsANewOne() throws IOException {
        project("token", "");
        SandboxCheckout checkout = sandbox().branch("fix/login").commit("One", "a.txt", "a");
        int merged = publish("").pullRequest().number();
        web.merge(merged);
        checkout.commit("Two", "b.txt", "b");

        SessionPublishStatus again = publishAgain();

        assertThat(again.phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(again.pullRequest().number()).isNotEqualTo(merged);
        assertThat(again.pullRequest().state()).isEqualTo("open");
    }

    @Test
    void withoutATokenForPullRequestsTheLinkOpensTheForgesFormFilledIn() throws IOException {
        project("push-token", "");
        sandbox().branch("fix/50%+#'1").commit("Ümläuts & \"quotes\"", "a.txt", "a");

        SessionPublishStatus status = publish("body: \"1 < 2 & so on\"");

        assertThat(status.phase()).isEqualTo(Phase.ManualPullRequestRequired);
        assertThat(status.baseBranch()).isEqualTo("main");
        assertThat(status.manualPullRequest().command())
                .startsWith("tea pulls create --repo '" + web.path() + "' --base 'main' --head ");
        assertThat(gitea.admin()
                        .page(
                                organization.login("writer"),
                                status.manualPullRequest().url()))
                .contains("value=\"Ümläuts &amp; &#34;quotes&#34;\"")
                .contains(">1 &lt; 2 &amp; so on");
    }

    @Test
    void aProjectThatSaysItIsAnotherForgeIsRefused() throws IOException {
        project("token", "forge: Forgejo");
        sandbox().branch("fix/login").commit("One", "a.txt", "a");

        SessionPublishStatus status = publish("");

        assertThat(status.reason()).isEqualTo("unsupported-provider");
        assertThat(status.message()).contains("spec.forge is Forgejo, but the operator");
    }

    private String name() {
        return "s" + count;
    }

    private void project(String key, String more) {
        cluster.applyYaml("""
                apiVersion: v1
                kind: Secret
                metadata: {namespace: %1$s, name: %2$s}
                stringData: {%3$s: %4$s}
                ---
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionProject
                metadata: {namespace: %1$s, name: %2$s}
                spec: {repository: "%5$s", credentialsSecret: {name: %2$s}, %6$s}
                """.formatted(NAMESPACE, name(), key, token, web.url(), more));
    }

    private SandboxCheckout sandbox() throws IOException {
        Path root = directory.resolve("sandboxes").resolve(name());
        SandboxCheckout checkout = SandboxCheckout.cloneOf(
                gitea.bare(web), root.resolve("workspace").resolve("repo"));
        cluster.startPod(NAMESPACE, name(), Map.of("sessionpublish.dev/sandbox", "true"), List.of("agent"), root);
        return checkout;
    }

    private SessionPublishStatus publish(String more) {
        cluster.applyYaml("""
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionPublish
                metadata: {namespace: %1$s, name: %2$s}
                spec: {projectRef: {name: %2$s}, source: {podName: %2$s}, %3$s}
                """.formatted(NAMESPACE, name(), more));
        return awaitEnd(null);
    }

    /** As a person asks for it, by the annotation. */
    private SessionPublishStatus publishAgain() {
        cluster.client()
                .resources(SessionPublish.class)
                .inNamespace(NAMESPACE)
                .withName(name())
                .edit(publish -> {
                    publish.getMetadata().getAnnotations().put("sessionpublish.dev/retry-at", "now");
                    return publish;
                });
        return awaitEnd("now");
    }

    /** @param retryAt the value of the annotation that started the run; null if none did */
    private SessionPublishStatus awaitEnd(@Nullable String retryAt) {
        Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> {
            SessionPublish publish = get();
            return publish.getStatus() != null
                    && publish.getStatus().finishedAt() != null
                    && Objects.equals(publish.getStatus().observedRetryAt(), retryAt);
        });
        return get().getStatus();
    }

    private SessionPublish get() {
        return cluster.client()
                .resources(SessionPublish.class)
                .inNamespace(NAMESPACE)
                .withName(name())
                .get();
    }

    private String tip(String branch) {
        return RealGit.in(gitea.bare(web)).run("rev-parse", "refs/heads/" + branch);
    }
}
