package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.LoggedRequest;
import dev.sessionpublish.embedded.SandboxCheckout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged operator under its own service account, publishing from real pods to a real Gitea. */
@Tag("control-plane")
@Tag("forge")
@Tag("whole")
class GiteaStoryControlPlaneIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PUSH_ONLY = "  createPullRequest: false";
    /** A project whose credential the forge refuses doesn't know the default branch. */
    private static final String BASE_GIVEN = "  baseBranch: main";

    private static final List<String> REFUSED = List.of("git.push.failed");
    private static final List<String> STARTED_AND_REFUSED = List.of("git.push.started", "git.push.failed");

    @TempDir
    private static Path directory;

    private static GiteaWorld world;
    private static PackagedOperator operator;
    private static Secrecy secrecy;

    @BeforeAll
    static void start() throws Exception {
        world = GiteaWorld.start(directory);
        secrecy = new Secrecy(world);
        operator = world.startOperator(Map.of("SESSION_PUBLISH_LOG_LEVEL", "trace"));
    }

    /** What holds of all that has happened: no credential shows anywhere, and nothing was unforeseen. */
    @AfterAll
    static void stop() throws Exception {
        try {
            secrecy.assertKept(operator.log());
            assertThat(operator.log()).doesNotContain("Uncaught error");
        } finally {
            operator.close();
            world.close();
        }
    }

    @Test
    void theWorkBecomesABranchAndAPullRequestWithAllThatWasAskedFor() throws Exception {
        GiteaTeam team = world.team("plain");
        team.registerProject(team.token(), "  pullRequests: {draft: true, labels: [agent]}");
        team.api("POST", "/labels", Map.of("name", "agent", "color", "#00aabb"));
        team.api("POST", "/labels", Map.of("name", "urgent", "color", "#aa0000"));
        String grace = "grace-" + team.namespace();
        world.gitea().user(grace);
        team.api("PUT", "/collaborators/" + grace, Map.of("permission", "write"));
        SandboxCheckout checkout = team.workInAPod();

        team.team().publish("fix", """
                  title: "Fix the login, please"
                  labels: [urgent]
                  reviewers: [%1$s]
                  assignees: [%1$s]
                """.formatted(grace));

        team.assertPublishedOnce("fix", checkout.head());
        JsonNode pull = team.pulls().get(0);
        assertThat(pull.at("/title").asText()).isEqualTo("WIP: Fix the login, please");
        assertThat(pull.at("/draft").asBoolean()).isTrue();
        assertThat(pull.at("/body").asText())
                .contains("Commits, newest first:", "Fix the login form")
                .contains("Published from session s7", team.namespace() + "/fix");
        assertThat(pull.at("/base/ref").asText()).isEqualTo("main");
        assertThat(pull.at("/labels").findValuesAsText("name")).containsExactlyInAnyOrder("agent", "urgent");
        assertThat(pull.at("/requested_reviewers").findValuesAsText("login")).containsExactly(grace);
        assertThat(pull.at("/assignees").findValuesAsText("login")).containsExactly(grace);
        SessionPublishStatus status = team.team().get("fix").getStatus();
        assertThat(status.pullRequest().draft()).isTrue();
        assertThat(status.message()).isEqualTo("Opened pull request #1, " + team.url() + "/pulls/1.");
        assertThat(team.team().kstatus("fix")).isEqualTo("Current");
    }

    @Test
    void withoutAPullRequestTheWorkIsPushedAlone() throws Exception {
        GiteaTeam team = world.team("only");
        team.registerProject();
        SandboxCheckout checkout = team.workInAPod();

        team.team().publish("fix", PUSH_ONLY);

        SessionPublishStatus status = ended(team, Phase.Pushed, null);
        assertThat(status.commit()).isEqualTo(checkout.head());
        assertThat(team.tip("agent/fix")).contains(checkout.head());
        assertThat(team.pulls()).isEmpty();
        assertThat(team.team().events("fix")).containsExactly("git.push.started", "git.push.succeeded");
    }

    @Test
    void aPullRequestThatAPersonHasOpenedIsAdoptedAndGoesOnWithTheWork() throws Exception {
        GiteaTeam team = world.team("adopt");
        team.registerProject();
        String byHand = team.commitByHand("agent/fix", "by-hand.txt");
        team.api("POST", "/pulls", Map.of("title", "Mine", "head", "agent/fix", "base", "main"));
        SandboxCheckout checkout = team.checkout();
        checkout.git("checkout", "--quiet", "-b", "agent/fix", "origin/agent/fix");
        checkout.commit("Go on", "more.txt", "more");
        team.team().startPod();

        team.team().publish("fix", "");

        SessionPublishStatus status = ended(team, Phase.PullRequestCreated, null);
        assertThat(status.pullRequest().adopted()).isTrue();
        assertThat(status.pullRequest().number()).isEqualTo(1);
        assertThat(status.push().previousCommit()).isEqualTo(byHand);
        assertThat(status.push().forced()).isNotEqualTo(true);
        assertThat(team.pulls()).singleElement().satisfies(pull -> {
            assertThat(pull.at("/title").asText()).isEqualTo("Mine");
            assertThat(pull.at("/head/sha").asText()).isEqualTo(checkout.head());
        });
        assertThat(team.team().events("fix")).isEqualTo(GiteaTeam.STEPS);

        String first = checkout.head();
        checkout.commit("And on", "more.txt", "still more");
        team.publishAgain("fix");

        team.team()
                .awaitThat(
                        "fix",
                        each -> checkout.head().equals(each.getStatus().commit())
                                && each.getStatus().finishedAt() != null);
        assertThat(team.updates("agent/fix")).startsWith(checkout.head(), first);
        assertThat(team.pulls())
                .singleElement()
                .satisfies(pull -> assertThat(pull.at("/head/sha").asText()).isEqualTo(checkout.head()));
        assertThat(team.team().get("fix").getStatus().message()).startsWith("Updated pull request #1, ");
    }

    @Test
    void aPersonsCommitStaysUntilForceIsAskedForAndOneThatArrivesLateStaysEvenThen() throws Exception {
        GiteaTeam team = world.teamBehindProxy("force");
        team.registerProject();
        SandboxCheckout checkout = team.workInAPod();
        String byHand = team.commitByHand("agent/fix", "by-hand.txt");

        team.team().publish("fix", "");

        SessionPublishStatus refused = ended(team, Phase.Failed, "non-fast-forward");
        assertThat(refused.message()).contains("spec.force");
        assertThat(team.tip("agent/fix")).contains(byHand);
        assertThat(team.team().events("fix")).isEqualTo(STARTED_AND_REFUSED);

        Fault held = world.proxy()
                .fault(Fault.on("POST", team.repository() + ".git/git-receive-pack")
                        .stalling());
        team.team().publish("fix", "  force: true");
        assertThat(held.awaitReached(PATIENCE)).isTrue();
        String late = team.commitByHand("agent/fix", "late.txt");
        held.release();

        team.team()
                .awaitThat(
                        "fix",
                        each -> "lease-stale".equals(each.getStatus().reason())
                                && each.getStatus().phase() == Phase.Failed);
        assertThat(team.tip("agent/fix")).contains(late);
        assertThat(team.pulls()).isEmpty();

        team.publishAgain("fix");

        SessionPublishStatus forced = team.team()
                .awaitThat("fix", each -> each.getStatus().phase() == Phase.PullRequestCreated)
                .getStatus();
        assertThat(forced.push().forced()).isTrue();
        assertThat(forced.push().previousCommit()).isEqualTo(late);
        assertThat(team.updates("agent/fix")).containsExactly(checkout.head(), late, byHand);
        assertThat(team.pulls()).hasSize(1);
    }

    @Test
    void aBranchThatTheForgeProtectsIsRefusedInItsWords() throws Exception {
        GiteaTeam team = world.team("protected");
        team.registerProject();
        team.api("POST", "/branch_protections", Map.of("rule_name", "agent/*", "enable_push", false));
        team.workInAPod();

        team.team().publish("fix", "");

        SessionPublishStatus status = ended(team, Phase.Failed, "remote-rejected");
        assertThat(status.message()).contains("protected branch");
        assertThat(team.tip("agent/fix")).isEmpty();
        assertThat(team.team().events("fix")).isEqualTo(STARTED_AND_REFUSED);
        assertThat(team.team().kstatus("fix")).isEqualTo("Failed");
    }

    @Test
    void aHookThatRefusesIsQuoted() throws Exception {
        GiteaTeam team = world.team("hook");
        team.registerProject();
        world.gitea().preReceive(team.repository(), "echo 'Every commit names a ticket, see CONTRIBUTING' >&2\nexit 1");
        team.workInAPod();

        team.team().publish("fix", "");

        SessionPublishStatus status = ended(team, Phase.Failed, "remote-rejected");
        assertThat(status.message()).contains("Every commit names a ticket, see CONTRIBUTING");
        assertThat(team.tip("agent/fix")).isEmpty();
        assertThat(team.team().events("fix")).isEqualTo(STARTED_AND_REFUSED);
    }

    @Test
    void aTokenThatMayOnlyReadIsForbidden() throws Exception {
        GiteaTeam team = world.team("scope");
        team.registerProject(secrecy.keep(world.gitea().token(team.writer(), "read:repository")), "");
        team.workInAPod();

        team.team().publish("fix", "");

        ended(team, Phase.Failed, "forbidden");
        assertThat(team.tip("agent/fix")).isEmpty();
        assertThat(team.team().events("fix")).isEqualTo(REFUSED);
    }

    /** Gitea shows the branches for a push to readers too: they may push for review. */
    @Test
    void aPersonWhoMayOnlyReadIsForbidden() throws Exception {
        GiteaTeam team = world.team("reader");
        team.registerProject();
        team.api("PUT", "/collaborators/" + team.writer(), Map.of("permission", "read"));
        team.workInAPod();

        team.team().publish("fix", "");

        ended(team, Phase.Failed, "forbidden");
        assertThat(team.tip("agent/fix")).isEmpty();
        assertThat(team.team().events("fix")).isEqualTo(STARTED_AND_REFUSED);
    }

    @Test
    void aWrongTokenIsRefusedAndTheRightOneStartsAgain() throws Exception {
        GiteaTeam team = world.team("wrong");
        team.registerProject(secrecy.keep("wrong+canary/9x=W3vRt5Yb8%2FNc1Md4Kf6Hg2Js"), "");
        SandboxCheckout checkout = team.workInAPod();

        team.team().publish("fix", BASE_GIVEN);

        SessionPublishStatus status = ended(team, Phase.Failed, "auth");
        assertThat(team.team()
                        .kubectl(
                                0,
                                "wait",
                                "sproj/web",
                                "-n",
                                team.namespace(),
                                "--for=jsonpath={.status.conditions[?(@.type==\"Ready\")].reason}=Auth",
                                "--timeout=60s"))
                .contains("condition met");
        assertThat(status.message()).contains("Store a valid token in the project's Secret");
        assertThat(team.team().events("fix")).isEqualTo(REFUSED);

        team.secret(team.token());

        team.team().awaitThat("fix", each -> each.getStatus().phase() == Phase.PullRequestCreated);
        assertThat(team.updates("agent/fix")).containsExactly(checkout.head());
        assertThat(team.pulls()).hasSize(1);
    }

    @Test
    void aTokenThatIsRevokedBetweenPushAndPullRequestLeavesALinkAndANewOneFinishes() throws Exception {
        GiteaTeam team = world.teamBehindProxy("revoked");
        team.registerProject();
        SandboxCheckout checkout = team.workInAPod();
        Fault held = world.proxy()
                .fault(Fault.on("GET", "/repos/" + team.repository() + "/commits")
                        .stalling());

        team.team().publish("fix", "");
        assertThat(held.awaitReached(PATIENCE)).isTrue();
        world.gitea().revokeTokens(team.writer());
        held.release();

        SessionPublishStatus status = ended(team, Phase.ManualPullRequestRequired, "auth");
        assertThat(status.manualPullRequest().url()).startsWith(team.url() + "/compare/main...agent/fix?");
        assertThat(status.message()).contains("wrong, expired or revoked");
        assertThat(team.tip("agent/fix")).contains(checkout.head());
        assertThat(team.pulls()).isEmpty();
        assertThat(team.team().events("fix"))
                .containsExactly(
                        "git.push.started", "git.push.succeeded", "git.pr.started", "git.pr.failed", "git.pr.manual");

        team.secret(secrecy.keep(world.gitea().token(team.writer(), "write:repository")));

        team.team().awaitThat("fix", each -> each.getStatus().phase() == Phase.PullRequestCreated);
        assertThat(team.updates("agent/fix")).containsExactly(checkout.head());
        assertThat(team.pulls()).hasSize(1);
    }

    @Test
    void aRepositoryThatWasDeletedIsNotFound() throws Exception {
        GiteaTeam team = world.team("deleted");
        team.registerProject();
        team.workInAPod();
        team.api("DELETE", "", Map.of());

        team.team().publish("fix", BASE_GIVEN);

        SessionPublishStatus status = ended(team, Phase.Failed, "not-found");
        assertThat(status.message()).contains("Check the project's spec.repository");
        assertThat(team.team().events("fix")).isEqualTo(REFUSED);
    }

    @Test
    void aRepositoryThatWasRenamedIsFollowed() throws Exception {
        GiteaTeam team = world.team("renamed");
        team.registerProject();
        SandboxCheckout checkout = team.workInAPod();
        String name = team.namespace() + "-now";
        team.api("PATCH", "", Map.of("name", name));

        team.team().publish("fix", "");

        SessionPublishStatus status = ended(team, Phase.PullRequestCreated, null);
        String now = "/repos/" + OwnGitea.OWNER + "/" + name;
        assertThat(world.gitea()
                        .admin("GET", now + "/branches/agent/fix", Map.of())
                        .at("/commit/id")
                        .asText())
                .isEqualTo(checkout.head());
        assertThat(world.gitea().admin("GET", now + "/pulls?state=all", Map.of()))
                .singleElement()
                .satisfies(pull -> assertThat(pull.at("/html_url").asText())
                        .isEqualTo(status.pullRequest().url()));
        assertThat(team.team().events("fix")).isEqualTo(GiteaTeam.STEPS);
    }

    @Test
    void anArchivedRepositoryTakesNothing() throws Exception {
        GiteaTeam team = world.team("archived");
        team.registerProject();
        team.workInAPod();
        team.api("PATCH", "", Map.of("archived", true));

        team.team().publish("fix", "");

        SessionPublishStatus status = ended(team, Phase.Failed, "archived");
        assertThat(status.message()).contains("Unarchive it");
        assertThat(team.tip("agent/fix")).isEmpty();
        assertThat(team.team().events("fix")).isEqualTo(REFUSED);
    }

    @Test
    void aForgeThatStopsWithinThePushAndBeforeThePullRequestIsWaitedFor() throws Exception {
        GiteaTeam team = world.teamBehindProxy("stopped");
        team.registerProject();
        SandboxCheckout checkout =
                team.checkout().branch("agent/fix").commit("Fix the login form", "noise.bin", noise(400_000));
        team.team().startPod();
        Fault push = world.proxy()
                .fault(Fault.on("POST", team.repository() + ".git/git-receive-pack")
                        .stallingAfterRequestBytes(100_000));
        Fault pullRequest = world.proxy()
                .fault(Fault.on("GET", "/repos/" + team.repository() + "/commits")
                        .stalling());

        team.team().publish("fix", "");
        assertThat(push.awaitReached(PATIENCE)).isTrue();
        world.gitea().stop();
        push.release();
        team.team().awaitReason("fix", "network");
        assertThat(team.team().kstatus("fix")).isEqualTo("InProgress");
        world.gitea().startAgain();

        assertThat(pullRequest.awaitReached(PATIENCE)).isTrue();
        assertThat(team.tip("agent/fix")).contains(checkout.head());
        world.gitea().stop();
        pullRequest.release();
        team.team().awaitReason("fix", "network");
        assertThat(team.team().get("fix").getStatus().message()).startsWith("The work is pushed; ");
        world.gitea().startAgain();

        team.team().awaitThat("fix", each -> each.getStatus().phase() == Phase.PullRequestCreated);
        assertThat(team.updates("agent/fix")).containsExactly(checkout.head());
        assertThat(team.pulls()).hasSize(1);
        List<String> told = team.team().events("fix");
        assertThat(told)
                .startsWith("git.push.started", "git.push.failed", "git.push.started", "git.push.succeeded")
                .containsOnlyOnce("git.push.succeeded", "git.pr.started", "git.pr.succeeded");
    }

    @Test
    void aForgeThatIsDownIsUnreachableUntilItIsBack() throws Exception {
        GiteaTeam team = world.team("down");
        team.registerProject();
        SandboxCheckout checkout = team.workInAPod();
        world.gitea().stop();

        team.team().publish("fix", "");

        SessionPublish waiting = team.team().awaitReason("fix", "network");
        assertThat(waiting.getStatus().phase()).isEqualTo(Phase.Waiting);
        world.gitea().startAgain();
        team.assertPublishedOnce("fix", checkout.head());
    }

    @Test
    void aPublishThatIsDeletedClosesItsPullRequestWhenItsPolicySaysSo() throws Exception {
        GiteaTeam team = world.team("closing");
        team.registerProject();
        SandboxCheckout checkout = team.workInAPod();
        team.team().publish("fix", "  deletionPolicy: ClosePullRequest");
        team.assertPublishedOnce("fix", checkout.head());

        team.team().kubectl(0, "delete", "spub", "fix", "-n", team.namespace(), "--timeout=60s");

        assertThat(team.pulls()).singleElement().satisfies(pull -> {
            assertThat(pull.at("/state").asText()).isEqualTo("closed");
            assertThat(pull.at("/merged").asBoolean()).isFalse();
        });
        assertThat(team.tip("agent/fix")).contains(checkout.head());
        assertThat(team.team().events("fix")).contains("git.pr.closed");
    }

    @Test
    void filesOfGitLfsArriveOnceAndAreNotSentAgain() throws Exception {
        GiteaTeam team = world.teamBehindProxy("lfs");
        team.registerProject();
        byte[] large = noise(3_000_000).getBytes(StandardCharsets.ISO_8859_1);
        byte[] small = {1, 2, 3};
        SandboxCheckout checkout =
                team.checkout().branch("agent/fix").lfsFile("large.bin", large).lfsFile("small.bin", small);
        team.team().startPod();

        team.team().publish("fix", "");

        team.assertPublishedOnce("fix", checkout.head());
        assertThat(world.gitea().lfsObject(SandboxCheckout.sha256(large))).hasBinaryContent(large);
        assertThat(world.gitea().lfsObject(SandboxCheckout.sha256(small))).hasBinaryContent(small);
        assertThat(uploads(team)).hasSize(2);

        checkout.commit("More", "more.txt", "more");
        team.publishAgain("fix");
        team.team()
                .awaitThat(
                        "fix",
                        each -> checkout.head().equals(each.getStatus().commit())
                                && each.getStatus().finishedAt() != null);
        team.team().publish("again", "  headBranch: agent/again");
        team.team().awaitEnd("again");

        assertThat(team.tip("agent/again")).contains(checkout.head());
        assertThat(uploads(team)).hasSize(2);
    }

    @Test
    void nothingSecretIsInTheSandboxWhileItIsAsked() throws Exception {
        GiteaTeam team = world.team("asked");
        team.registerProject();
        SandboxCheckout checkout = team.workInAPod();
        String processes;
        try (AdmissionGate gate = AdmissionGate.of(team.team())) {
            AdmissionGate.Hold held = gate.beforeStatus("Pushing");
            team.team().publish("fix", "");
            held.awaitReached();
            processes = team.team()
                    .kubectl(
                            0,
                            "exec",
                            "s7",
                            "-n",
                            team.namespace(),
                            "--",
                            "sh",
                            "-c",
                            "for each in /proc/[0-9]*; do tr '\\0' '\\n' <$each/environ | cat -v; tr '\\0' ' ' <$each/cmdline | cat -v; echo; done;"
                                    + " find /tmp /dev/shm /workspace -type f -exec cat -v {} +");

            held.release();
        }
        // The very exec of the publish is among them.
        assertThat(processes).contains("git-dir");
        secrecy.assertKeptIn("the sandbox", processes);
        team.assertPublishedOnce("fix", checkout.head());
    }

    private static List<LoggedRequest> uploads(GiteaTeam team) {
        return world.proxy().requests().stream()
                .filter(each -> each.method().equals("PUT") && each.path().contains(team.repository()))
                .toList();
    }

    private static SessionPublishStatus ended(GiteaTeam team, Phase phase, String reason) {
        SessionPublishStatus status = team.team().awaitEnd("fix").getStatus();
        assertThat(status.phase()).as("%s", status).isEqualTo(phase);
        assertThat(status.reason()).isEqualTo(reason);
        return status;
    }

    /** Text that a pack can't make small. */
    private static String noise(int length) {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append((char) (33 + random.nextInt(94)));
        }
        return text.toString();
    }
}
