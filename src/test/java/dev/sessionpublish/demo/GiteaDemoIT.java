package dev.sessionpublish.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.gitea.GiteaAdmin;
import dev.sessionpublish.gitea.GiteaSettings;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The demo on the Gitea that the system properties {@code forge.…} name. */
@Tag("control-plane")
@Tag("forge")
class GiteaDemoIT {
    private static final Map<String, String> FORGE =
            List.of("FORGE_URL", "FORGE_API", "FORGE_CA", "FORGE_TOKEN").stream()
                    .collect(Collectors.toMap(name -> name, name -> String.valueOf(GiteaSettings.ofThisProcess(name))));

    @Test
    void playsTheSameScenesAndLeavesNothingThere() throws Exception {
        DemoProcess demo = DemoProcess.run(FORGE, "--forge", "gitea");

        assertThat(demo.output())
                .contains(
                        "Opened pull request #1, " + FORGE.get("FORGE_URL"),
                        "as Gitea's API shows it",
                        "html_url  " + FORGE.get("FORGE_URL"),
                        "Updated pull request #1",
                        "tea pulls create",
                        "non-fast-forward",
                        "All as shown")
                .doesNotContain("NOT SO", "WARN", "ERROR", "Exception", "\tat ", "\u001b", FORGE.get("FORGE_TOKEN"));
        assertThat(demo.exit()).isZero();
        String owner = demo.output().replaceFirst("(?s).*/(session-publish-demo-\\w+)/web.*", "$1");
        try (GiteaAdmin admin = GiteaAdmin.open(GiteaSettings.from(FORGE::get))) {
            assertThat(admin.find("/orgs/" + owner)).isEmpty();
            assertThat(admin.find("/users/" + owner.replace("session-publish-demo", "agent-bot")))
                    .isEmpty();
        }
    }

    @Test
    void aTokenThatMayMakeNothingIsRefusedInGiteasWords() throws Exception {
        Map<String, String> wrong = FORGE.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        each -> each.getKey().equals("FORGE_TOKEN") ? "0123456789" : each.getValue()));

        DemoProcess demo = DemoProcess.run(wrong, "--forge", "gitea");

        assertThat(demo.output())
                .contains("The demo could not go on: Gitea answered 401")
                .doesNotContain("\tat ");
        assertThat(demo.exit()).isEqualTo(1);
    }
}
