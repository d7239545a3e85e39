package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.AppKeyPair;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.GitHubApp;
import dev.sessionpublish.embedded.GitHubFault;
import dev.sessionpublish.embedded.GitHubReply;
import dev.sessionpublish.embedded.cluster.AuditEntry;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The credential shows nowhere but in the requests to the forge: not when all goes well, and not when the forge, its
 * hooks or its API throw it back at us.
 */
@Timeout(300)
class CanaryIT extends WorldScenario {
    private static final AppKeyPair APP_KEY = AppKeyPair.generate();

    private final Map<Scene, String> expected = new LinkedHashMap<>();

    @Test
    void theCredentialShowsInNoCommandStatusEventOrLogLine() throws Exception {
        Path log = directory.resolve("operator.log");
        try (PackagedOperator operator =
                PackagedOperator.launch(log, world.environment(Map.of("SESSION_PUBLISH_LOG_LEVEL", "TRACE")))) {
            launch();
            Map<Scene, String> seen = new LinkedHashMap<>();
            expected.forEach((scene, end) -> {
                SessionPublishStatus status = scene.await(each -> each.finishedAt() != null || each.reason() != null);
                seen.put(scene, status.reason() == null ? status.phase().name() : status.reason());
            });
            assertThat(seen).isEqualTo(expected);
            operator.terminate();
            operator.awaitExit();
            sweep(operator.log());
        }
    }

    /** Each with the reason, or the phase, it is to end with. */
    private void launch() throws IOException {
        scene(Phase.PullRequestCreated.name());

        for (int status : new int[] {401, 403, 404, 429, 500}) {
            String reason =
                    switch (status) {
                        case 401 -> "auth";
                        case 403 -> "forbidden";
                        case 404 -> "not-found";
                        case 429 -> "rate-limited";
                        default -> "server-error";
                    };
            Scene refusedAtOnce = scene(reason);
            world.git()
                    .fault(Fault.on("GET", refusedAtOnce.name() + ".git/info/refs")
                            .always()
                            .answering(status, Map.of("X-Echo", refusedAtOnce.token()), echo(refusedAtOnce)));
        }
        Scene redirected = scene("not-found");
        world.git()
                .fault(Fault.on("GET", redirected.name() + ".git/info/refs")
                        .always()
                        .answering(302, Map.of("Location", "https://evil.invalid/?t=" + encoded(redirected)), ""));
        Scene hooked = scene("remote-rejected");
        world.git().hook(hooked.repository(), "pre-receive", "cat <<'END'\n" + echo(hooked) + "\nEND\nexit 1");
        Scene reported = scene("remote-rejected");
        world.git().refuse(reported.repository(), "refs/heads/work", "no " + reported.token(), echo(reported));
        Scene garbled = scene("server-error");
        world.git()
                .fault(Fault.on("GET", garbled.name() + ".git/info/refs")
                        .always()
                        .garbage(
                                "application/x-git-receive-pack-advertisement",
                                echo(garbled).getBytes(StandardCharsets.UTF_8)));
        Scene reset = scene("network");
        world.git()
                .fault(Fault.on("POST", reset.name() + ".git/git-receive-pack")
                        .always()
                        .resetting());
        for (int status : new int[] {401, 403, 404, 410, 422, 500}) {
            String reason =
                    switch (status) {
                        case 401 -> "auth";
                        // GitHub hides from a classic token what it may not do.
                        case 403, 404 -> "forbidden";
                        case 410 -> "pull-requests-disabled";
                        case 422 -> "unknown";
                        default -> "server-error";
                    };
            Scene unopened = scene(reason);
            JsonNode body = JsonNodeFactory.instance.objectNode().put("message", echo(unopened));
            world.gitHub()
                    .next(GitHubFault.answer(
                                    "POST",
                                    "/repos/" + unopened.repository() + "/pulls",
                                    new GitHubReply(status, Map.of("X-Echo", unopened.token()), body))
                            .times(100));
        }
        Scene ofApp = appScene("unknown");
        JsonNode echo = JsonNodeFactory.instance
                .objectNode()
                .put("message", "you sent " + String.join(" and ", formsOfApps()) + " and " + APP_KEY.aLine());
        world.gitHub()
                .next(GitHubFault.answer(
                                "POST", "/repos/" + ofApp.repository() + "/pulls", new GitHubReply(422, Map.of(), echo))
                        .times(100));
        appScene(Phase.PullRequestCreated.name());
        expected.keySet().forEach(scene -> scene.publish(""));
    }

    /** A scene whose project has a GitHub App, for which a token has been issued. */
    private Scene appScene(String end) throws IOException {
        Scene scene = scene();
        GitHubApp app = world.gitHub()
                .apps()
                .app("app-of-" + scene.name(), Map.of("contents", "write", "pull_requests", "write"))
                .withKey(APP_KEY);
        world.gitHub().apps().install(app, scene.repository());
        scene.secret(Map.of("app-id", app.clientId(), "private-key", APP_KEY.pkcs1()))
                .project("");
        scene.awaitProject(
                project -> project.getStatus() != null && project.getStatus().githubApp() != null);
        scene.sandbox();
        expected.put(scene, end);
        return scene;
    }

    /** Every token that was issued to an App, and every JWT that an App sent, as they are and as git sends them. */
    private static List<String> formsOfApps() {
        List<String> secrets = new ArrayList<>(world.gitHub().apps().issued());
        world.gitHub().exchanges().stream()
                .filter(each -> each.path().startsWith("/app/") || each.path().endsWith("/installation"))
                .flatMap(each -> each.header("Authorization").stream())
                .map(header -> header.replaceFirst("Bearer ", ""))
                .forEach(secrets::add);
        return secrets.stream()
                .flatMap(each -> Stream.of(each, base64(each)))
                .distinct()
                .toList();
    }

    private Scene scene(String end) throws IOException {
        Scene scene = scene().ready();
        scene.sandbox();
        expected.put(scene, end);
        return scene;
    }

    private void sweep(String log) {
        List<String> written = new ArrayList<>();
        written.add(log);
        for (AuditEntry entry : world.cluster().audit().entries()) {
            boolean ofTheTest =
                    entry.path().contains("/secrets") || entry.path().contains("/sessionprojects");
            if (!ofTheTest || entry.verb().equals("exec")) {
                written.add(entry.path() + "?" + entry.request().query() + " " + entry.argv() + " "
                        + entry.request().body());
            }
        }
        for (Scene scene : expected.keySet()) {
            written.add(Serialization.asJson(scene.get()));
            written.add(Serialization.asJson(scene.storedProject().orElseThrow()));
            scene.events().forEach(event -> written.add(Serialization.asJson(event)));
            written.addAll(filesBelow(scene.root()));
        }
        for (Scene scene : expected.keySet()) {
            for (String form : forms(scene)) {
                assertThat(written.stream().flatMap(String::lines).filter(line -> line.contains(form)))
                        .isEmpty();
            }
        }
        List<String> ofApps = new ArrayList<>(formsOfApps());
        APP_KEY.pkcs1().lines().filter(line -> !line.startsWith("-----")).forEach(ofApps::add);
        for (String form : ofApps) {
            assertThat(written.stream().flatMap(String::lines).filter(line -> line.contains(form)))
                    .isEmpty();
        }
        assertThat(world.gitHub().apps().issued()).hasSizeGreaterThanOrEqualTo(2);
        // The sweep itself would have found something.
        assertThat(log).contains("git.push.started", "TRACE");
        assertThat(String.join("\n", written)).contains("[redacted]");
    }

    private static List<String> filesBelow(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).map(CanaryIT::content).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String content(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> forms(Scene scene) {
        return List.of(scene.token(), encoded(scene), base64(scene));
    }

    private static String echo(Scene scene) {
        return "you sent " + String.join(" and ", forms(scene));
    }

    private static String encoded(Scene scene) {
        return URLEncoder.encode(scene.token(), StandardCharsets.UTF_8);
    }

    private static String base64(Scene scene) {
        return base64(scene.token());
    }

    private static String base64(String token) {
        return Base64.getEncoder().encodeToString(("x-access-token:" + token).getBytes(StandardCharsets.UTF_8));
    }
}
