package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.HistoryEntry;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.Access.Permission;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.GitServer;
import dev.sessionpublish.embedded.LoggedRequest;
import dev.sessionpublish.embedded.RealGit;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.publish.ReasonByName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every reason of the push stage, from what causes it at a real remote to what a person reads. */
class PushOutcomesIT extends OperatorScenario {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Scene scene;

    @Override
    Map<String, String> settings() {
        return Map.of(
                "SESSION_PUBLISH_MAX_PACK", "12MiB",
                "SESSION_PUBLISH_PROGRESS_INTERVAL", "PT1S",
                "SESSION_PUBLISH_FORGE_TIMEOUT", "PT3S");
    }

    @BeforeEach
    void freshRepository() throws Exception {
        scene = scene().registered();
    }

    private SandboxCheckout work() {
        return scene.clonedSandbox().branch("agent/fix").commit("Work", "a.txt", "a");
    }

    /** What GitHub prints when it refuses a branch. */
    enum GitHubSays {
        LARGE_FILE(
                PushReason.FILE_TOO_LARGE,
                "pre-receive hook declined",
                "error: Trace: 8f4b\nerror: See https://gh.io/lfs for more information.\nerror: File big.bin is 120.00 MB; this exceeds GitHub's file size limit of 100.00 MB\nerror: GH001: Large files detected. You may want to try Git Large File Storage - https://git-lfs.github.com.",
                "File big.bin is 120.00 MB"),
        FORCE_PUSH(
                PushReason.REMOTE_REJECTED,
                "pre-receive hook declined",
                "error: GH003: Sorry, force-pushing to agent/fix is not allowed.",
                "GH003: Sorry, force-pushing"),
        PROTECTED(
                PushReason.REMOTE_REJECTED,
                "protected branch hook declined",
                "error: GH006: Protected branch update failed for refs/heads/agent/fix.\nerror: At least 1 approving review is required by reviewers with write access.",
                "At least 1 approving review is required"),
        PRIVATE_EMAIL(
                PushReason.REMOTE_REJECTED,
                "push declined due to email privacy restrictions",
                "error: GH007: Your push would publish a private email address.\nerror: You can make your email public or disable this protection by visiting:\nerror: https://github.com/settings/emails",
                "https://github.com/settings/emails"),
        LFS_OBJECTS(
                PushReason.LFS,
                "pre-receive hook declined",
                "error: GH008: Your push referenced at least 1 unknown Git LFS object:\nerror:     b1d0\nerror: Try to push them with 'git lfs push --all'.",
                "unknown Git LFS object"),
        SECRETS(
                PushReason.PUSH_PROTECTION,
                "pre-receive hook declined",
                "error: GH009: Secrets detected! This push failed.\n\n     GITHUB PUSH PROTECTION\n     Resolve the following secrets before pushing again.",
                "GH009"),
        RULE_SECRETS(
                PushReason.PUSH_PROTECTION,
                "push declined due to repository rule violations",
                "error: GH013: Repository rule violations found for refs/heads/agent/fix.\n\n- GITHUB PUSH PROTECTION\n    - Push cannot contain secrets\n      (?) To push, remove secret from commit(s) or follow this URL to allow the secret.\n      https://github.com/acme/web/security/secret-scanning/unblock-secret/2x",
                "https://github.com/acme/web/security/secret-scanning/unblock-secret/2x"),
        RULES(
                PushReason.REMOTE_REJECTED,
                "push declined due to repository rule violations",
                "error: GH013: Repository rule violations found for refs/heads/agent/fix.\nReview all repository rules at https://github.com/acme/web/rules\n\n- Commits must have verified signatures.",
                "Commits must have verified signatures."),
        WORKFLOW(
                PushReason.WORKFLOW_PERMISSION,
                "refusing to allow a Personal Access Token to create or update workflow `.github/workflows/ci.yml` without `workflow` scope",
                "",
                "`.github/workflows/ci.yml`"),
        APP_WORKFLOW(
                PushReason.WORKFLOW_PERMISSION,
                "refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission",
                "",
                "without `workflows` permission"),
        // The words are a hook's: what the credential may do, HTTP has said before.
        WORDS_ABOUT_CREDENTIALS(
                PushReason.REMOTE_REJECTED,
                "pre-receive hook declined",
                "fatal: Authentication failed for policy server (401 Unauthorized, rate limit exceeded, repository not found)",
                "Authentication failed for policy server");

        final Reason reason;
        final String report;
        final String printed;
        final String toRead;

        GitHubSays(Reason reason, String report, String printed, String toRead) {
            this.reason = reason;
            this.report = report;
            this.printed = printed;
            this.toRead = toRead;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRefusalInTheReportIsToldWithItsReasonAndTheForgesWords(GitHubSays said) throws Exception {
        work();
        world.git().refuse(scene.repository(), "refs/heads/agent", said.report, said.printed);

        scene.push();

        SessionPublish publish = scene.refused(said.reason);
        assertThat(publish.getStatus().message()).contains(said.toRead).doesNotContain("\n");
        assertThat(scene.tip("agent/fix")).isEmpty();
        assertThat(scene.pushes()).hasSize(1);
    }

    @Test
    void whatAHookRepeatsOfTheCredentialIsNotRepeatedByUs() throws Exception {
        work();
        String basic = Base64.getEncoder().encodeToString(("x-access-token:" + scene.token()).getBytes());
        world.git()
                .hook(
                        scene.repository(),
                        "pre-receive",
                        "echo 'refused: Basic " + basic + " and " + scene.token() + "' >&2; exit 1");

        scene.push();

        SessionPublish publish = scene.refused(PushReason.REMOTE_REJECTED);
        assertThat(publish.getStatus().message()).contains("[redacted]").doesNotContain(basic);
    }

    @Test
    void theSecretThatAHookFoundIsShownNowhere() throws Exception {
        work();
        world.git()
                .hook(
                        scene.repository(),
                        "pre-receive",
                        "printf 'Finding: key=hunter2hunter2\\nSecret: hunter2hunter2\\nFile: a.txt\\nLine: 1\\n' >&2; exit 1");

        scene.push();

        SessionPublish publish = scene.refused(PushReason.REMOTE_REJECTED);
        assertThat(publish.getStatus().message()).contains("a.txt, line 1", "may contain the secret");
        assertThat(publish.toString() + scene.events()).doesNotContain("hunter2");
    }

    @Test
    void aHooksGarbageBecomesOneCleanLine() throws Exception {
        work();
        world.git()
                .hook(
                        scene.repository(),
                        "pre-receive",
                        "printf 'bad \\377\\376 bytes \\033[31mred\\n' >&2; head -c 3000000 /dev/zero | tr '\\0' 'x' >&2; exit 1");

        scene.push();

        SessionPublish publish = scene.refused(PushReason.REMOTE_REJECTED);
        assertThat(publish.getStatus().message())
                .hasSizeLessThan(2_500)
                .contains("bytes")
                .doesNotContain("\u001b");
    }

    @Test
    void aRevokedTokenIsAuthAndANewOneWakesThePublish() {
        SandboxCheckout checkout = work();
        world.git().revoke(scene.token());
        scene.push();
        scene.refused(SharedReason.AUTH);
        assertThat(scene.pushes()).isEmpty();

        scene.renewToken();

        scene.awaitPhase(Phase.Pushed);
        assertThat(scene.tip("agent/fix")).contains(checkout.head());
    }

    @Test
    void aTokenThatMayOnlyReadIsForbidden() {
        work();
        scene.grant(Permission.READ);
        scene.push();
        assertThat(scene.refused(SharedReason.FORBIDDEN).getStatus().message()).contains("denied to agent-bot");
    }

    @Test
    void aTokenThatMaySeeNothingMeetsNoRepository() {
        work();
        scene.grant(Permission.NONE);
        scene.push();
        scene.refused(SharedReason.NOT_FOUND);
    }

    @Test
    void anArchivedRepositoryIsArchived() {
        work();
        world.git().access().archive(scene.repository());
        scene.push();
        scene.refused(SharedReason.ARCHIVED);
    }

    @ParameterizedTest
    @CsvSource({
        "401, AUTH",
        "403, FORBIDDEN",
        "404, NOT_FOUND",
        "413, PACK_TOO_LARGE",
        "400, REMOTE_REJECTED",
        "307, REMOTE_REJECTED"
    })
    void anAnswerToThePushThatRefusesForGoodEndsThePublish(int status, @ReasonByName Reason reason) {
        work();
        scene.faultOfPush(match -> match.answering(
                status,
                Map.of("Location", world.git().url("acme/elsewhere") + "/git-receive-pack"),
                "no, " + scene.token()));
        scene.push();
        assertThat(scene.refused(reason).getStatus().message()).contains("[redacted]");
        assertThat(scene.tip("agent/fix")).isEmpty();
        assertThat(scene.pushes()).hasSize(1);
        assertThat(world.git().requests("POST", "acme/elsewhere/git-receive-pack"))
                .isEmpty();
    }

    @Test
    void singleSignOnIsAskedForByName() {
        work();
        scene.faultOfAdvertisement(match -> match.answering(
                403,
                Map.of(),
                "The 'acme' organization has enabled or enforced SAML SSO.\nVisit https://x.invalid/sso"));
        scene.push();
        assertThat(scene.refused(SharedReason.SSO_REQUIRED).getStatus().message())
                .contains("https://x.invalid/sso");
    }

    @ParameterizedTest
    @CsvSource({"429, rate-limited", "403, rate-limited", "500, server-error", "503, server-error"})
    void anAnswerThatAsksToWaitIsWaitedFor(int status, String reason) {
        SandboxCheckout checkout = work();
        scene.faultOfPush(match -> match.answering(status, Map.of("Retry-After", "2"), "later"));

        scene.push();

        SessionPublishStatus waiting = scene.awaitPhase(Phase.Waiting);
        assertThat(waiting.reason()).isEqualTo(reason);
        assertThat(waiting.nextAttemptAt()).isNotNull();
        assertThat(waiting.message()).contains("later");
        scene.pushed();
        assertThat(scene.tip("agent/fix")).contains(checkout.head());
        assertThat(scene.pushes()).hasSize(2);
    }

    @Test
    void aForgeThatIsSilentIsANetworkMatterAndTriedAgain() {
        SandboxCheckout checkout = work();
        Fault silent = scene.faultOfAdvertisement(Fault.Match::stalling);

        scene.push();

        SessionPublishStatus waiting = scene.awaitPhase(Phase.Waiting);
        assertThat(waiting.reason()).isEqualTo("network");
        assertThat(waiting.message()).contains("sent no response within the time limit");
        scene.pushed();
        silent.release();
        assertThat(scene.tip("agent/fix")).contains(checkout.head());
    }

    @Test
    void aConnectionThatIsResetBeforeThePushIsTriedAgain() {
        SandboxCheckout checkout = work();
        scene.faultOfPush(Fault.Match::resetting);
        scene.push();
        SessionPublish publish = scene.pushed();
        assertThat(publish.getStatus().history().get(1).data()).containsEntry("reason", "network");
        assertThat(scene.tip("agent/fix")).contains(checkout.head());
    }

    @Test
    void anAnswerThatIsNotGitsIsAServerError() {
        work();
        scene.faultOfAdvertisement(match -> match.garbage("text/html", "<h1>Log in</h1>".getBytes()));
        scene.push();
        SessionPublishStatus waiting = scene.awaitPhase(Phase.Waiting);
        assertThat(waiting.reason()).isEqualTo("server-error");
        scene.pushed();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theChallengePageOfAFirewallIsTriedAgain(boolean ofThePush) {
        work();
        Map<String, String> challenge = Map.of("Content-Type", "text/html; charset=UTF-8", "cf-mitigated", "challenge");
        String page = "<html>Just a moment...</html>";
        if (ofThePush) {
            scene.faultOfPush(match -> match.answering(403, challenge, page));
        } else {
            scene.faultOfAdvertisement(match -> match.answering(403, challenge, page));
        }
        scene.push();
        SessionPublishStatus waiting = scene.await(
                status -> status.phase() == Phase.Waiting && status.message().contains("the challenge of a firewall"));
        assertThat(waiting.reason()).isEqualTo("network");
        scene.pushed();
    }

    @Test
    void aPackAboveTheOperatorsLimitIsRefusedAndNothingIsMoved() throws Exception {
        SandboxCheckout checkout = scene.clonedSandbox().branch("agent/fix");
        noise(checkout, 13 << 20);
        scene.push();
        SessionPublish publish = scene.refused(PushReason.PACK_TOO_LARGE);
        assertThat(publish.getStatus().message()).contains("12 MiB", "SESSION_PUBLISH_MAX_PACK");
        assertThat(scene.tip("agent/fix")).isEmpty();
    }

    @Test
    void aPackAboveTheForgesLimitIsPackTooLarge() throws Exception {
        world.git().config(scene.repository(), "receive.maxInputSize", "100k");
        SandboxCheckout checkout = scene.clonedSandbox().branch("agent/fix");
        noise(checkout, 4 << 20);
        scene.push();
        scene.refused(PushReason.PACK_TOO_LARGE);
        assertThat(scene.tip("agent/fix")).isEmpty();
    }

    @Test
    void aShallowCheckoutOfOtherHistoryIsToldToBeDeepened() throws Exception {
        Path elsewhere = world.git().createRepository(scene.repository() + "-other");
        SandboxCheckout source = SandboxCheckout.cloneOf(elsewhere, directory.resolve("source"))
                .commit("One", "1", "1")
                .commit("Two", "2", "2");
        SandboxCheckout.shallowCloneOf(source.gitDirectory(), scene.repo(), 1)
                .branch("agent/fix")
                .commit("Work", "a.txt", "a");
        scene.startPod();
        scene.push();
        assertThat(scene.refused(PushReason.SHALLOW).getStatus().message()).contains("git fetch --unshallow");
        assertThat(scene.tip("agent/fix")).isEmpty();
    }

    /** The forge has the history; what it refuses is an object, and it says which. */
    @Test
    void aFailedCheckOfAnObjectIsQuotedAndNotTakenForMissingHistory() throws Exception {
        world.git().config(scene.repository(), "receive.fsckObjects", "true");
        SandboxCheckout checkout = SandboxCheckout.shallowCloneOf(scene.bare(), scene.repo(), 1)
                .branch("agent/fix")
                .commit("Work", "a.txt", "a");
        RealGit git = RealGit.in(checkout.directory());
        String bad = git.run("cat-file", "commit", "HEAD").replaceAll("(?m)(?<=> \\d{1,12} ).*$", "+51800") + "\n";
        String commit = git.runWith(
                bad.getBytes(StandardCharsets.UTF_8), "hash-object", "-t", "commit", "-w", "--literally", "--stdin");
        git.run("update-ref", "refs/heads/agent/fix", commit);
        scene.startPod();
        scene.push();

        SessionPublish publish = scene.refused(PushReason.REMOTE_REJECTED);
        assertThat(publish.getStatus().message()).contains("badTimezone");
    }

    @Test
    void aShallowCheckoutOfTheRepositoryItselfIsPublished() {
        scene.humanCommits("main", "main");
        SandboxCheckout checkout = SandboxCheckout.shallowCloneOf(scene.bare(), scene.repo(), 1)
                .branch("agent/fix")
                .commit("Work", "a.txt", "a");
        scene.startPod();
        scene.push();
        scene.pushed();
        assertThat(scene.tip("agent/fix")).contains(checkout.head());
    }

    @Test
    void aCheckoutOfAnotherObjectFormatIsRefused() throws Exception {
        SandboxCheckout.unbornSha256(scene.repo()).branch("agent/fix").commit("Work", "a.txt", "a");
        scene.startPod();
        scene.push();
        scene.refused(PushReason.OBJECT_FORMAT);
        assertThat(scene.pushes()).isEmpty();
    }

    @Test
    void aRepositoryOfSha256TakesItsOwnKind() throws Exception {
        Scene sha256 = new Scene(world, directory, GitServer.Option.SHA256).registered();
        SandboxCheckout checkout = sha256.clonedSandbox().branch("agent/fix").commit("Work", "a.txt", "a");
        sha256.push();
        sha256.pushed();
        assertThat(sha256.tip("agent/fix")).contains(checkout.head());
    }

    @Test
    void aRepositoryThatRefusesRewritesSaysNonFastForwardEvenWithForce() {
        SandboxCheckout checkout = work();
        scene.push("force: true");
        String first = scene.pushed().getStatus().commit();
        world.git().config(scene.repository(), "receive.denyNonFastForwards", "true");
        checkout.amend("Work, said better");
        scene.refused(scene.again("1"), PushReason.NON_FAST_FORWARD);
        assertThat(scene.tip("agent/fix")).contains(first);
    }

    @Test
    void aRenamedRepositoryIsFollowedWhenItIsAskedAndPushedToWhereItIs() throws Exception {
        SandboxCheckout checkout = work();
        String renamed = scene.repository() + "-renamed";
        Files.move(scene.bare(), world.git().repository(renamed));
        world.git().rename(scene.repository(), renamed);
        world.git().access().token(scene.token(), "agent-bot", Map.of(renamed, Permission.WRITE));
        scene.push();
        scene.pushed();
        assertThat(world.git().tip(renamed, "agent/fix")).contains(checkout.head());
        assertThat(scene.pushes()).isEmpty();
    }

    @Test
    void aRepositoryThatMovedToAnotherHostIsNotFollowed() throws Exception {
        work();
        try (GitServer other = GitServer.start(
                dev.sessionpublish.embedded.TestCa.create(directory.resolve("other-ca")), directory.resolve("other"))) {
            world.git().redirect(scene.repository(), 301, other.url("acme/web"));
            scene.push();
            assertThat(scene.refused(SharedReason.NOT_FOUND).getStatus().message())
                    .contains(other.url("acme/web"), "Create a new project with the repository's current URL");
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void aRemoteThatDoesNotReportIsLookedAt() throws Exception {
        SandboxCheckout checkout = work();
        world.git().withoutCapabilities(scene.repository(), "report-status", "report-status-v2", "side-band-64k");
        scene.push();
        scene.pushed();
        assertThat(scene.tip("agent/fix")).contains(checkout.head());
        assertThat(scene.pushes()).hasSize(1);
    }

    @Test
    void aLongPushShowsThatItLives() throws Exception {
        SandboxCheckout checkout = scene.clonedSandbox().branch("agent/fix");
        noise(checkout, 10 << 20);
        Path go = directory.resolve("go-on");
        world.git().hook(scene.repository(), "pre-receive", "until [ -e " + go + " ]; do sleep 0.05; done");
        Fault slow = scene.faultOfPush(match -> match.stallingAfterRequestBytes(2 << 20));

        scene.push();
        assertThat(slow.awaitReached(PATIENCE)).isTrue();
        Awaitility.await().pollDelay(Duration.ofMillis(1_200)).until(() -> true);
        slow.release();

        SessionPublishStatus running =
                scene.await(status -> status.push() != null && status.push().bytes() != null);
        assertThat(running.phase()).isEqualTo(Phase.Pushing);
        assertThat(running.message()).contains("KiB sent so far");
        Files.createFile(go);
        SessionPublish publish = scene.pushed();
        assertThat(publish.getStatus().push().bytes()).isGreaterThan(10L << 20);
        assertThat(publish.getStatus().history())
                .extracting(HistoryEntry::type)
                .containsExactly("git.push.started", "git.push.succeeded");
        LoggedRequest post = scene.pushes().get(0);
        assertThat(post.header("Transfer-Encoding")).isEqualTo(Optional.of("chunked"));
    }

    private static void noise(SandboxCheckout checkout, int bytes) throws Exception {
        byte[] noise = new byte[bytes];
        new Random(11).nextBytes(noise);
        Files.write(checkout.directory().resolve("noise.bin"), noise);
        checkout.git("add", "noise.bin");
        checkout.commit("Noise", Map.of());
    }
}
