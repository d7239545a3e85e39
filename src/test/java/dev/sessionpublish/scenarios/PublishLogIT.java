package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.Fault;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The log of the packaged operator: what docs/runbook.md has people search for tells a publish's story. */
@Timeout(300)
class PublishLogIT extends WorldScenario {

    @Test
    void oneSearchTellsWhatHappenedToAPublish() throws Exception {
        String log;
        Scene scene = scene();
        try (PackagedOperator operator = PackagedOperator.launch(directory.resolve("story.log"), world.environment())) {
            scene.ready().publish("").awaitReason("sandbox-not-ready");
            scene.sandbox();
            scene.end();
            operator.terminate();
            operator.awaitExit();
            log = operator.log();
        }

        assertThat(story(log, scene))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains("Starts: from pod " + scene.name() + " to project " + scene.name()),
                        line -> assertThat(line).contains("Waits until 20", "reason=\"sandbox-not-ready\""),
                        line -> assertThat(line)
                                .contains("The checkout in container agent of pod " + scene.name() + " is on "
                                        + scene.branch() + " at ")
                                .contains("; commits ahead of main: 1, behind: 0; uncommitted files: 0"),
                        line -> assertThat(line).contains("event=\"git.push.started\""),
                        line -> assertThat(line).contains("event=\"git.push.succeeded\""),
                        line -> assertThat(line).contains("event=\"git.pr.started\""),
                        line -> assertThat(line).contains("event=\"git.pr.succeeded\""),
                        line -> assertThat(line).contains("Ended as PullRequestCreated after "));
    }

    @Test
    void whatIsWaitedForIsToldOnceAndAgainWhenItIsSomethingElse() throws Exception {
        String log;
        Scene scene = scene();
        try (PackagedOperator operator = PackagedOperator.launch(directory.resolve("waits.log"), world.environment())) {
            scene.ready().publish("").await(status -> status.attempts() != null && status.attempts() >= 3);
            world.git()
                    .fault(Fault.on("GET", scene.name() + ".git/info/refs")
                            .always()
                            .answering(503, Map.of(), "down"));
            scene.sandbox();
            scene.awaitReason("server-error");
            scene.publish("  suspend: true").awaitPhase(Phase.Suspended);
            operator.terminate();
            operator.awaitExit();
            log = operator.log();
        }

        List<String> story = story(log, scene);
        assertThat(story).filteredOn(line -> line.contains("sandbox-not-ready")).hasSize(1);
        assertThat(story).filteredOn(line -> line.contains("Waits until")).hasSize(2);
        assertThat(story).last().asString().contains("Suspended: set spec.suspend to false to continue.");
    }

    @Test
    void linesOfOtherThreadsNameThePublishTooInJsonAsInText() throws Exception {
        String log;
        Scene scene = scene();
        Map<String, String> settings =
                Map.of("SESSION_PUBLISH_LOG_FORMAT", "json", "SESSION_PUBLISH_FORGE_TIMEOUT", "PT2S");
        try (PackagedOperator operator =
                PackagedOperator.launch(directory.resolve("json.log"), world.environment(settings))) {
            scene.ready();
            byte[] noise = new byte[24 << 20];
            new Random(7).nextBytes(noise);
            scene.sandbox()
                    .commit(
                            "Add a picture",
                            Map.of("picture.txt", Base64.getEncoder().encodeToString(noise)));
            world.git()
                    .fault(Fault.on("POST", scene.name() + ".git/git-receive-pack")
                            .always()
                            .stalling());
            scene.publish("").awaitReason("network");
            operator.terminate();
            operator.awaitExit();
            log = operator.log();
        }

        List<JsonNode> lines = new ArrayList<>();
        for (String line : log.lines().filter(each -> each.startsWith("{")).toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        assertThat(lines)
                .filteredOn(line -> line.path("threadName").asText().equals("forge-timeouts"))
                .isNotEmpty()
                .allSatisfy(line -> {
                    assertThat(line.path("formattedMessage").asText())
                            .startsWith("The forge has read nothing for PT2S");
                    assertThat(line.at("/mdc/resource.kind").asText()).isEqualTo("SessionPublish");
                    assertThat(line.at("/mdc/resource.namespace").asText()).isEqualTo(EmbeddedWorld.NAMESPACE);
                    assertThat(line.at("/mdc/resource.name").asText()).isEqualTo(scene.name());
                });
        assertThat(lines)
                .as("whatever speaks of it says so where it is searched for")
                .filteredOn(line -> Pattern.compile("\\b" + scene.name() + "\\b")
                        .matcher(line.path("formattedMessage").asText())
                        .find())
                .isNotEmpty()
                .allSatisfy(line ->
                        assertThat(line.at("/mdc/resource.name").asText()).isEqualTo(scene.name()));
    }

    @Test
    void aFailureIsOneWarning() throws Exception {
        String log;
        Scene scene = scene();
        try (PackagedOperator operator =
                PackagedOperator.launch(directory.resolve("failure.log"), world.environment())) {
            scene.ready().sandbox();
            scene.publish("  headBranch: main").awaitPhase(Phase.Failed);
            operator.awaitLine(Pattern.compile("Ended as Failed"));
            operator.terminate();
            operator.awaitExit();
            log = operator.log();
        }

        List<String> story = story(log, scene);
        assertThat(story)
                .filteredOn(line -> line.contains(" WARN "))
                .singleElement()
                .asString()
                .contains("event=\"git.push.failed\"", "reason=\"protected-branch\"");
        assertThat(story).last().asString().contains(" INFO ", "Ended as Failed after ", "reason=\"protected-branch\"");
    }

    private static List<String> story(String log, Scene scene) {
        return log.lines()
                .filter(line -> line.contains("[SessionPublish " + EmbeddedWorld.NAMESPACE + "/" + scene.name() + "]"))
                .toList();
    }
}
