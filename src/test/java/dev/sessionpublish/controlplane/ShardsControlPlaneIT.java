package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.GitHubExchange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two operators that share the publishes of a namespace by a label, each with a Lease of its own, and one credential. */
class ShardsControlPlaneIT extends ControlPlaneScenario {
    private static final String LABEL = "sessionpublish.dev/shard";

    private static Team team;

    @AutoClose
    private static PackagedOperator labelled;

    @AutoClose
    private static PackagedOperator rest;

    @BeforeAll
    static void start() throws Exception {
        team = team("shards");
        team.work();
        labelled = shard("shard-a", LABEL + "=a");
        rest = shard("shard-rest", LABEL + " notin (a)");
    }

    /** One publish at a time, so that a shard finds out by one request that the rate limit is used up. */
    private static PackagedOperator shard(String name, String selector) throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put("HOSTNAME", name);
        settings.put("SESSION_PUBLISH_SHARD_SELECTOR", selector);
        settings.put("SESSION_PUBLISH_NAMESPACES", team.namespace());
        settings.put("SESSION_PUBLISH_LEADER_ELECTION", "true");
        settings.put("SESSION_PUBLISH_LEADER_ELECTION_NAMESPACE", ControlPlaneWorld.OPERATOR_NAMESPACE);
        settings.put("SESSION_PUBLISH_LEADER_ELECTION_LEASE", name);
        settings.put("SESSION_PUBLISH_PARALLEL_PUBLISHES", "1");
        return world.startOperator(settings);
    }

    private static void publish(String name, Map<String, String> labels, String more) throws Exception {
        team.apply(team.publishYaml(name, "  headBranch: agent/" + name + "\n" + more)
                .replace("name: " + name + "}", "name: " + name + ", labels: " + json(labels) + "}"));
    }

    private static String json(Map<String, String> labels) {
        return labels.toString().replace("=", ": ");
    }

    @Test
    void eachWorksOnItsOwnAndTogetherTheyKeepToTheRateLimitOfTheirCredential() throws Exception {
        List<String> ofA = List.of("a1", "a2", "a3");
        List<String> others = List.of("r1", "r2", "r3");
        team.awaitDefaultBranch();
        int before = world.gitHub().exchanges().size();
        Instant reset = Instant.now().plusSeconds(20);
        world.gitHub().token(ControlPlaneWorld.TOKEN, "agent-bot").rateLimit(2, 5_000, reset.getEpochSecond(), 403);

        for (String name : ofA) {
            publish(name, Map.of(LABEL, "a"), "");
        }
        for (String name : others) {
            publish(name, Map.of(), "");
        }
        List<SessionPublish> ends = new ArrayList<>();
        for (String name : Stream.concat(ofA.stream(), others.stream()).toList()) {
            ends.add(team.awaitThat(name, each -> each.getStatus().phase() == Phase.PullRequestCreated));
        }

        assertThat(ofA).allSatisfy(name -> assertThat(team.reporters(name)).containsExactly("shard-a"));
        assertThat(others).allSatisfy(name -> assertThat(team.reporters(name)).containsExactly("shard-rest"));
        assertThat(ends).allSatisfy(end -> assertThat(Team.history(end))
                .isEqualTo(List.of("git.push.started", "git.push.succeeded", "git.pr.started", "git.pr.succeeded")));
        assertThat(world.gitHub().pulls(team.repository())).hasSize(6);
        List<GitHubExchange> refused = world.gitHub().exchanges().stream()
                .skip(before)
                .filter(each -> each.status() == 403)
                .toList();
        assertThat(refused).as("requests beyond the limit").hasSizeBetween(1, 2);
    }

    @Test
    void aPublishThatRestsMovesToAnotherShardByItsLabel() throws Exception {
        publish("moved", Map.of(LABEL, "a"), "  createPullRequest: false");
        team.awaitEnd("moved");
        assertThat(team.reporters("moved")).containsExactly("shard-a");

        team.kubectl(0, "label", "spub", "moved", LABEL + "-");
        String retryAt = team.retry("moved");

        team.awaitThat(
                "moved",
                each -> retryAt.equals(each.getStatus().observedRetryAt())
                        && each.getStatus().finishedAt() != null);
        assertThat(team.reporters("moved")).containsExactly("shard-a", "shard-rest");
    }
}
