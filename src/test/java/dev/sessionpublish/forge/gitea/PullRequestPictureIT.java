package dev.sessionpublish.forge.gitea;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.OperatorInProcess;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.embedded.Browser;
import dev.sessionpublish.embedded.EmbeddedCluster;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.gitea.GiteaOrganization;
import dev.sessionpublish.gitea.GiteaRepository;
import dev.sessionpublish.gitea.GiteaServer;
import java.awt.image.BufferedImage;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page that a real Gitea shows of a pull request, as a picture: in target/pictures, and with
 * {@code -Dpictures.write=true} in docs/images too.
 */
@Tag("control-plane")
@Tag("forge")
class PullRequestPictureIT {
    private static final String NAME = "gitea-pull-request.png";
    private static final int WIDTH = 880;
    /** From the repository's tabs to the footer of the body; what follows is the same once more as plain text. */
    private static final int TOP = 280;

    private static final int BOTTOM = 954;

    @AutoClose
    private final GiteaServer gitea = GiteaServer.running();

    @TempDir
    private Path directory;

    @Test
    void theReaderSeesTitleBodyAndFooter() throws Exception {
        Optional<Browser> browser = Browser.installed();
        Assumptions.assumeTrue(browser.isPresent(), "no chromium in PATH: no picture was taken");
        GiteaOrganization organization = GiteaOrganization.create(gitea);
        GiteaRepository web = organization.createRepository("web");
        web.createLabel("agent");
        web.edit(Map.of("private", false));
        organization.createCollaborator("agent-bot", web, "write");
        String token = organization.createToken("agent-bot", "write:repository", "write:issue");

        URI page = URI.create(publish(web, token).getStatus().pullRequest().url());

        assertThat(gitea.admin().page(organization.login("agent-bot"), page.toString()))
                .contains("Keep passwords out of URLs")
                .contains("The login form posts now")
                .contains("Published from session s1, as SessionPublish agents/fix-login.");
        Path picture = Files.createDirectories(Path.of("target", "pictures")).resolve(NAME);
        Files.deleteIfExists(picture);
        browser.get().picture(page, gitea.caPem(), WIDTH, TOP, BOTTOM, picture, directory);
        BufferedImage image = ImageIO.read(picture.toFile());
        assertThat(image.getWidth()).isEqualTo(WIDTH);
        assertThat(image.getHeight()).isEqualTo(BOTTOM - TOP);
        assertThat(inkedRows(image)).isGreaterThan((BOTTOM - TOP) / 4);
        assertThat(Files.size(picture)).isLessThan(300_000);
        if (Boolean.getBoolean("pictures.write")) {
            Files.copy(picture, Path.of("docs", "images", NAME), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private SessionPublish publish(GiteaRepository web, String token) throws Exception {
        Path root = directory.resolve("s1");
        SandboxCheckout.cloneOf(gitea.bare(web), root.resolve("workspace/repo"))
                .branch("agent/fix-login")
                .commit("Send the login form by POST", "login.html", "<form method=\"post\" action=\"/session\">\n")
                .commit("Say where the login form goes", "LOGIN.md", "# Login\n");
        Path forges = Files.writeString(
                directory.resolve("forges.yaml"), gitea.settings().forgesEntry());
        var environment = Map.of(
                "SESSION_PUBLISH_FORGES",
                forges.toString(),
                "SESSION_PUBLISH_PROBE_PORT",
                "0",
                "SESSION_PUBLISH_METRICS_PORT",
                "0");
        try (EmbeddedCluster cluster = EmbeddedCluster.in(directory.resolve("cluster"))
                        .crds(Path.of("crds"))
                        .start();
                OperatorInProcess operator = OperatorInProcess.start(cluster.config(), environment)) {
            assertThat(operator).isNotNull();
            cluster.applyYaml("""
                    apiVersion: v1
                    kind: Secret
                    metadata: {namespace: agents, name: web}
                    stringData: {token: %s}
                    ---
                    apiVersion: sessionpublish.dev/v1alpha1
                    kind: SessionProject
                    metadata: {namespace: agents, name: web}
                    spec:
                      repository: %s
                      credentialsSecret: {name: web}
                    ---
                    apiVersion: v1
                    kind: Pod
                    metadata:
                      namespace: agents
                      name: s1
                      labels: {sessionpublish.dev/sandbox: "true"}
                      annotations:
                        sessionpublish.dev/task-title: Keep passwords out of URLs
                        sessionpublish.dev/summary: |
                          The login form posts now, so that **no password** shows in a URL:

                          - `login.html` sends itself by POST to `/session`;
                          - `LOGIN.md` says so.
                    spec:
                      containers: [{name: agent, image: none}]
                    ---
                    apiVersion: sessionpublish.dev/v1alpha1
                    kind: SessionPublish
                    metadata: {namespace: agents, name: fix-login}
                    spec:
                      projectRef: {name: web}
                      source: {podName: s1}
                      labels: [agent]
                    """.formatted(token, web.url()));
            cluster.runPod("agents", "s1", root);
            return Awaitility.await()
                    .atMost(Duration.ofSeconds(90))
                    .until(
                            () -> cluster.client()
                                    .resources(SessionPublish.class)
                                    .inNamespace("agents")
                                    .withName("fix-login")
                                    .get(),
                            each -> each.getStatus() != null && each.getStatus().pullRequest() != null);
        }
    }

    /** How many rows have anything dark in them, as lines of text do. */
    private static int inkedRows(BufferedImage image) {
        int rows = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            boolean inked = false;
            for (int x = 0; x < image.getWidth() && !inked; x++) {
                inked = (image.getRGB(x, y) & 0xff) < 0x60;
            }
            rows += inked ? 1 : 0;
        }
        return rows;
    }
}
