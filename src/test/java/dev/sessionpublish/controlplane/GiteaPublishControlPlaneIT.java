package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.LoggedRequest;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.gitea.GiteaRepository;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The packaged operator under its own service account, publishing from real pods to a real Gitea. */
class GiteaPublishControlPlaneIT extends GiteaScenario {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PUSH_ONLY = "  createPullRequest: false";
    /** A project whose credential the forge refuses doesn't know the default branch. */
    private static final String BASE_GIVEN = "  baseBranch: main";

    private static final List<String> REFUSED = List.of("git.push.failed");
    private static final List<String> STARTED_AND_REFUSED = List.of("git.push.started", "git.push.failed");

    private static SecretScan secrets;

    @BeforeAll
    static void watchSecrets() {
        secrets = new SecretScan(gitea);
    }

    @Override
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(super.settings());
        settings.put("SESSION_PUBLISH_LOG_LEVEL", "trace");
        return settings;
    }

    /** What holds of all that has happened: no credential shows anywhere, and nothing was unforeseen. */
    @AfterAll
    static void noCredentialShowsAndNothingUnforeseenHappened() throws Exception {
        secrets.assertKept(operator.log());
        assertThat(operator.log()).doesNotContain("Uncaught error");
    }

    @Test
    void theWorkBecomesABranchAndAPullRequestWithAllThatWasAskedFor() throws Exception {
        GiteaTeam team = gitea.team("plain");
        team.registerProject(team.token(), "  pullRequests: {draft: true, labels: [agent]}");
        team.atForge().createLabel("agent");
        team.atForge().createLabel("urgent");
        String grace = "grace-" + team.namespace();
        gitea.server().admin().createUser(grace);
        team.atForge().addCollaborator(grace, "write");
        SandboxCheckout checkout = team.work();

        team.publish("fix", """
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
        SessionPublishStatus status = team.get("fix").getStatus();
        assertThat(status.pullRequest().draft()).isTrue();
        assertThat(status.message()).isEqualTo("Opened pull request #1, " + team.url() + "/pulls/1.");
        assertThat(team.kstatus("fix")).isEqualTo("Current");
    }

    @Test
    void withoutAPullRequestTheWorkIsPushedAlone() throws Exception {
        GiteaTeam team = team("only");
        SandboxCheckout checkout = team.work();

        team.publish("fix", PUSH_ONLY);

        SessionPublishStatus status = team.awaitEnd("fix", Phase.Pushed, null);
        assertThat(status.commit()).isEqualTo(checkout.head());
        assertThat(team.tip("agent/fix")).contains(checkout.head());
        assertThat(team.pulls()).isEmpty();
        assertThat(team.events("fix")).containsExactly("git.push.started", "git.push.succeeded");
    }

    @Test
    void aPullRequestThatAPersonHasOpenedIsAdoptedAndGoesOnWithTheWork() throws Exception {
        GiteaTeam team = team("adopt");
        String byHand = team.atForge().commit("agent/fix", "by-hand.txt", "By hand");
        team.atForge().call("POST", "/pulls", Map.of("title", "Mine", "head", "agent/fix", "base", "main"));
        SandboxCheckout checkout = team.checkout();
        checkout.git("checkout", "--quiet", "-b", "agent/fix", "origin/agent/fix");
        checkout.commit("Go on", "more.txt", "more");
        team.startPod();

        team.publish("fix", "  headBranch: agent/fix");

        SessionPublishStatus status = team.awaitEnd("fix", Phase.PullRequestCreated, null);
        assertThat(status.pullRequest().adopted()).isTrue();
        assertThat(status.pullRequest().number()).isEqualTo(1);
        assertThat(status.push().previousCommit()).isEqualTo(byHand);
        assertThat(status.push().forced()).isNotEqualTo(true);
        assertThat(team.pulls()).singleElement().satisfies(pull -> {
            assertThat(pull.at("/title").asText()).isEqualTo("Mine");
            assertThat(pull.at("/head/sha").asText()).isEqualTo(checkout.head());
        });
        assertThat(team.events("fix")).isEqualTo(Team.STEPS);

        String first = checkout.head();
        checkout.commit("And on", "more.txt", "still more");
        team.retry("fix");

        team.awaitCommit("fix", checkout.head());
        assertThat(team.updates("agent/fix")).startsWith(checkout.head(), first);
        assertThat(team.pulls())
                .singleElement()
                .satisfies(pull -> assertThat(pull.at("/head/sha").asText()).isEqualTo(checkout.head()));
        assertThat(team.get("fix").getStatus().message()).startsWith("Updated pull request #1, ");
    }

    @Test
    void aPersonsCommitStaysUntilForceIsAskedForAndOneThatArrivesLateStaysEvenThen() throws Exception {
        GiteaTeam team = teamBehindProxy("force");
        SandboxCheckout checkout = team.work();
        String byHand = team.atForge().commit("agent/fix", "by-hand.txt", "By hand");

        team.publish("fix", "  headBranch: agent/fix");

        SessionPublishStatus refused = team.awaitEnd("fix", Phase.Failed, "non-fast-forward");
        assertThat(refused.message()).contains("spec.force");
        assertThat(team.tip("agent/fix")).contains(byHand);
        assertThat(team.events("fix")).isEqualTo(STARTED_AND_REFUSED);

        Fault held = team.faultOfPush(Fault.Match::stalling);
        team.publish("fix", "  headBranch: agent/fix\n  force: true");
        assertThat(held.awaitReached(PATIENCE)).isTrue();
        String late = team.atForge().commit("agent/fix", "late.txt", "By hand");
        held.release();

        team.awaitThat(
                "fix",
                each -> "lease-stale".equals(each.getStatus().reason())
                        && each.getStatus().phase() == Phase.Failed);
        assertThat(team.tip("agent/fix")).contains(late);
        assertThat(team.pulls()).isEmpty();

        team.retry("fix");

        SessionPublishStatus forced =
                team.awaitPhase("fix", Phase.PullRequestCreated).getStatus();
        assertThat(forced.push().forced()).isTrue();
        assertThat(forced.push().previousCommit()).isEqualTo(late);
        assertThat(team.updates("agent/fix")).containsExactly(checkout.head(), late, byHand);
        assertThat(team.pulls()).hasSize(1);
    }

    @Test
    void aBranchThatTheForgeProtectsIsRefusedInItsWords() throws Exception {
        GiteaTeam team = team("protected");
        team.atForge().protectBranch("agent/*");
        team.work();

        team.publish("fix", "");

        SessionPublishStatus status = team.awaitEnd("fix", Phase.Failed, "remote-rejected");
        assertThat(status.message()).contains("protected branch");
        assertThat(team.tip("agent/fix")).isEmpty();
        assertThat(team.events("fix")).isEqualTo(STARTED_AND_REFUSED);
        assertThat(team.kstatus("fix")).isEqualTo("Failed");
    }

    @Test
    void aHookThatRefusesIsQuoted() throws Exception {
        GiteaTeam team = team("hook");
        gitea.server().preReceive(team.atForge(), "echo 'Every commit names a ticket, see CONTRIBUTING' >&2\nexit 1");
        team.work();

        team.publish("fix", "");

        SessionPublishStatus status = team.awaitEnd("fix", Phase.Failed, "remote-rejected");
        assertThat(status.message()).contains("Every commit names a ticket, see CONTRIBUTING");
        assertThat(team.tip("agent/fix")).isEmpty();
        assertThat(team.events("fix")).isEqualTo(STARTED_AND_REFUSED);
    }

    @Test
    void aTokenThatMayOnlyReadIsForbidden() throws Exception {
        GiteaTeam team = gitea.team("scope");
        team.registerProject(secrets.keep(gitea.server().admin().createToken(team.writer(), "read:repository")), "");
        team.work();

        team.publish("fix", "");

        team.awaitEnd("fix", Phase.Failed, "forbidden");
        assertThat(team.tip("agent/fix")).isEmpty();
        assertThat(team.events("fix")).isEqualTo(REFUSED);
    }

    /** Gitea shows the branches for a push to readers too: they may push for review. */
    @Test
    void aPersonWhoMayOnlyReadIsForbidden() throws Exception {
        GiteaTeam team = team("reader");
        team.atForge().addCollaborator(team.writer(), "read");
        team.work();

        team.publish("fix", "");

        team.awaitEnd("fix", Phase.Failed, "forbidden");
        assertThat(team.tip("agent/fix")).isEmpty();
        assertThat(team.events("fix")).isEqualTo(STARTED_AND_REFUSED);
    }

    @Test
    void aWrongTokenIsRefusedAndTheRightOneStartsAgain() throws Exception {
        GiteaTeam team = gitea.team("wrong");
        team.registerProject(secrets.keep("wrong+canary/9x=W3vRt5Yb8%2FNc1Md4Kf6Hg2Js"), "");
        SandboxCheckout checkout = team.work();

        team.publish("fix", BASE_GIVEN);

        SessionPublishStatus status = team.awaitEnd("fix", Phase.Failed, "auth");
        assertThat(team.kubectl(
                        0,
                        "wait",
                        "sproj/web",
                        "--for=jsonpath={.status.conditions[?(@.type==\"Ready\")].reason}=Auth",
                        "--timeout=60s"))
                .contains("condition met");
        assertThat(status.message()).contains("Store a valid token in the project's Secret");
        assertThat(team.events("fix")).isEqualTo(REFUSED);

        team.secret(team.token());

        team.awaitPhase("fix", Phase.PullRequestCreated);
        assertThat(team.updates("agent/fix")).containsExactly(checkout.head());
        assertThat(team.pulls()).hasSize(1);
    }

    @Test
    void aTokenThatIsRevokedBetweenPushAndPullRequestLeavesALinkAndANewOneFinishes() throws Exception {
        GiteaTeam team = teamBehindProxy("revoked");
        SandboxCheckout checkout = team.work();
        Fault held = gitea.proxy()
                .fault(Fault.on("GET", "/repos/" + team.repository() + "/commits")
                        .stalling());

        team.publish("fix", "");
        assertThat(held.awaitReached(PATIENCE)).isTrue();
        gitea.server().admin().revokeTokens(team.writer());
        held.release();

        SessionPublishStatus status = team.awaitEnd("fix", Phase.ManualPullRequestRequired, "auth");
        assertThat(status.manualPullRequest().url()).startsWith(team.url() + "/compare/main...agent/fix?");
        assertThat(status.message()).contains("wrong, expired or revoked");
        assertThat(team.tip("agent/fix")).contains(checkout.head());
        assertThat(team.pulls()).isEmpty();
        assertThat(team.events("fix"))
                .containsExactly(
                        "git.push.started", "git.push.succeeded", "git.pr.started", "git.pr.failed", "git.pr.manual");

        team.secret(secrets.keep(gitea.server().admin().createToken(team.writer(), "write:repository")));

        team.awaitPhase("fix", Phase.PullRequestCreated);
        assertThat(team.updates("agent/fix")).containsExactly(checkout.head());
        assertThat(team.pulls()).hasSize(1);
    }

    @Test
    void aRepositoryThatWasDeletedIsNotFound() throws Exception {
        GiteaTeam team = team("deleted");
        team.work();
        team.atForge().call("DELETE", "", Map.of());

        team.publish("fix", BASE_GIVEN);

        SessionPublishStatus status = team.awaitEnd("fix", Phase.Failed, "not-found");
        assertThat(status.message()).contains("Check the project's spec.repository");
        assertThat(team.events("fix")).isEqualTo(REFUSED);
    }

    @Test
    void aRepositoryThatWasRenamedIsFollowed() throws Exception {
        GiteaTeam team = team("renamed");
        SandboxCheckout checkout = team.work();
        String name = team.namespace() + "-now";
        team.atForge().edit(Map.of("name", name));

        team.publish("fix", "");

        SessionPublishStatus status = team.awaitEnd("fix", Phase.PullRequestCreated, null);
        GiteaRepository renamed =
                new GiteaRepository(gitea.server().admin(), team.atForge().owner(), name);
        assertThat(renamed.tip("agent/fix")).contains(checkout.head());
        assertThat(renamed.pulls()).singleElement().satisfies(pull -> assertThat(
                        pull.at("/html_url").asText())
                .isEqualTo(status.pullRequest().url()));
        assertThat(team.events("fix")).isEqualTo(Team.STEPS);
    }

    @Test
    void anArchivedRepositoryTakesNothing() throws Exception {
        GiteaTeam team = team("archived");
        team.work();
        team.atForge().edit(Map.of("archived", true));

        team.publish("fix", "");

        SessionPublishStatus status = team.awaitEnd("fix", Phase.Failed, "archived");
        assertThat(status.message()).contains("Unarchive it");
        assertThat(team.tip("agent/fix")).isEmpty();
        assertThat(team.events("fix")).isEqualTo(REFUSED);
    }

    @Test
    void aForgeThatStopsWithinThePushAndBeforeThePullRequestIsWaitedFor() throws Exception {
        GiteaTeam team = teamBehindProxy("stopped");
        SandboxCheckout checkout = team.work(Team.noise(400_000));
        Fault push = team.faultOfPush(match -> match.stallingAfterRequestBytes(100_000));
        Fault pullRequest = gitea.proxy()
                .fault(Fault.on("GET", "/repos/" + team.repository() + "/commits")
                        .stalling());

        team.publish("fix", "");
        assertThat(push.awaitReached(PATIENCE)).isTrue();
        gitea.server().stop();
        push.release();
        team.awaitReason("fix", "network");
        assertThat(team.kstatus("fix")).isEqualTo("InProgress");
        gitea.server().restart();

        assertThat(pullRequest.awaitReached(PATIENCE)).isTrue();
        assertThat(team.tip("agent/fix")).contains(checkout.head());
        gitea.server().stop();
        pullRequest.release();
        team.awaitReason("fix", "network");
        assertThat(team.get("fix").getStatus().message()).startsWith("The work is pushed; ");
        gitea.server().restart();

        team.awaitPhase("fix", Phase.PullRequestCreated);
        assertThat(team.updates("agent/fix")).containsExactly(checkout.head());
        assertThat(team.pulls()).hasSize(1);
        List<String> told = team.events("fix");
        assertThat(told)
                .startsWith("git.push.started", "git.push.failed", "git.push.started", "git.push.succeeded")
                .containsOnlyOnce("git.push.succeeded", "git.pr.started", "git.pr.succeeded");
    }

    @Test
    void aForgeThatIsDownIsUnreachableUntilItIsBack() throws Exception {
        GiteaTeam team = team("down");
        SandboxCheckout checkout = team.work();
        gitea.server().stop();

        team.publish("fix", "");

        SessionPublish waiting = team.awaitReason("fix", "network");
        assertThat(waiting.getStatus().phase()).isEqualTo(Phase.Waiting);
        gitea.server().restart();
        team.assertPublishedOnce("fix", checkout.head());
    }

    @Test
    void aPublishThatIsDeletedClosesItsPullRequestWhenItsPolicySaysSo() throws Exception {
        GiteaTeam team = team("closing");
        SandboxCheckout checkout = team.work();
        team.publish("fix", "  deletionPolicy: ClosePullRequest");
        team.assertPublishedOnce("fix", checkout.head());

        team.kubectl(0, "delete", "spub", "fix", "--timeout=60s");

        assertThat(team.pulls()).singleElement().satisfies(pull -> {
            assertThat(pull.at("/state").asText()).isEqualTo("closed");
            assertThat(pull.at("/merged").asBoolean()).isFalse();
        });
        assertThat(team.tip("agent/fix")).contains(checkout.head());
        assertThat(team.events("fix")).contains("git.pr.closed");
    }

    @Test
    void filesOfGitLfsArriveOnceAndAreNotSentAgain() throws Exception {
        GiteaTeam team = teamBehindProxy("lfs");
        byte[] large = Team.noise(3_000_000).getBytes(StandardCharsets.ISO_8859_1);
        byte[] small = {1, 2, 3};
        SandboxCheckout checkout =
                team.checkout().branch("agent/fix").lfsFile("large.bin", large).lfsFile("small.bin", small);
        team.startPod();

        team.publish("fix", "");

        team.assertPublishedOnce("fix", checkout.head());
        assertThat(gitea.server().lfsObject(SandboxCheckout.sha256(large))).hasBinaryContent(large);
        assertThat(gitea.server().lfsObject(SandboxCheckout.sha256(small))).hasBinaryContent(small);
        assertThat(uploads(team)).hasSize(2);

        checkout.commit("More", "more.txt", "more");
        team.retry("fix");
        team.awaitCommit("fix", checkout.head());
        team.publish("again", "  headBranch: agent/again");
        team.awaitEnd("again");

        assertThat(team.tip("agent/again")).contains(checkout.head());
        assertThat(uploads(team)).hasSize(2);
    }

    @Test
    void nothingSecretIsInTheSandboxWhileItIsAsked() throws Exception {
        GiteaTeam team = team("asked");
        SandboxCheckout checkout = team.work();
        String processes;
        try (AdmissionGate gate = AdmissionGate.of(team)) {
            HeldRequest held = gate.beforeStatus("Pushing");
            team.publish("fix", "");
            held.awaitReached();
            processes = team.kubectl(
                    0,
                    "exec",
                    "s7",
                    "--",
                    "sh",
                    "-c",
                    "for each in /proc/[0-9]*; do tr '\\0' '\\n' <$each/environ | cat -v; tr '\\0' ' ' <$each/cmdline | cat -v; echo; done;"
                            + " find /tmp /dev/shm /workspace -type f -exec cat -v {} +");

            held.release();
        }
        // The very exec of the publish is among them.
        assertThat(processes).contains("git-dir");
        secrets.assertKeptIn("the sandbox", processes);
        team.assertPublishedOnce("fix", checkout.head());
    }

    private static List<LoggedRequest> uploads(GiteaTeam team) {
        return gitea.proxy().requests().stream()
                .filter(each -> each.method().equals("PUT") && each.path().contains(team.repository()))
                .toList();
    }
}
