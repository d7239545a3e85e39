package dev.sessionpublish.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.publish.ReasonByName;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PushRefusalTest {
    private static final Token TOKEN = new Token("ghp_canary0123456789");

    private final PushRefusal refusal = new PushRefusal(TOKEN.redactor(), "github.com");

    private RefusedException refused(String ng, String messages) {
        return catchThrowableOfType(
                RefusedException.class, () -> refusal.answer(new PushReport("ok", Optional.of(ng), messages)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pre-receive hook declined | error: GH001: Large files detected. | FILE_TOO_LARGE",
                "pre-receive hook declined | error: GH003: Sorry, force-pushing to main is not allowed. | REMOTE_REJECTED",
                "protected branch hook declined | error: GH006: Protected branch update failed. | REMOTE_REJECTED",
                "push declined due to email privacy restrictions | error: GH007: Your push would publish a private email address. | REMOTE_REJECTED",
                "pre-receive hook declined | error: GH008: Your push referenced at least 1 unknown Git LFS object | LFS",
                "push declined due to repository rule violations | error: GH013: Repository rule violations found. - Changes must be made through a pull request. | REMOTE_REJECTED",
                "pre-receive hook declined | File GH001: x is too large | REMOTE_REJECTED",
                "pre-receive hook declined | The branch GH009: is reserved | REMOTE_REJECTED",
                "pre-receive hook declined | error: GH001: Large files detected, secrets/token.bin | FILE_TOO_LARGE",
                "refusing to allow a rename of my-workflow | '' | REMOTE_REJECTED",
                "refusing to allow an OAuth App to create or update workflow `.github/workflows/x.yml` without `workflow` scope | '' | WORKFLOW_PERMISSION",
                "refusing to allow a GitHub App to create or update workflow `.github/workflows/x.yml` without `workflows` permission | '' | WORKFLOW_PERMISSION",
                "non-fast-forward | '' | NON_FAST_FORWARD",
                "denying non-fast-forward refs/heads/x (you should pull first) | '' | NON_FAST_FORWARD",
                "shallow update not allowed | '' | SHALLOW",
                "pre-receive hook declined | error: User permission denied for writing. | FORBIDDEN",
                "pre-receive hook declined | Gitea: User permission denied for writing. | FORBIDDEN",
                "pre-receive hook declined | Forgejo: User permission denied for writing. | FORBIDDEN",
                "pre-receive hook declined | our policy says: User permission denied for writing. | REMOTE_REJECTED",
                "hook declined | error: User permission denied for writing. | REMOTE_REJECTED",
                "pre-receive hook declined | fatal: Authentication failed, 401, repository not found, rate limit | REMOTE_REJECTED",
                "deletion prohibited | '' | REMOTE_REJECTED",
                "branch is currently checked out | '' | REMOTE_REJECTED"
            })
    void theReportAndGitHubsCodesDecide(String ng, String messages, @ReasonByName Reason reason) {
        RefusedException refused = refused(ng, messages);
        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(refused).hasMessageContaining(ng).hasMessageContaining(messages.replace("error: ", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "failed to update ref",
                "failed to lock",
                "cannot lock ref 'refs/heads/x': is at 1 but expected 2",
                "cannot lock ref 'refs/heads/a/b': 'refs/heads/a' exists; cannot create 'refs/heads/a/b'",
                "reference already exists",
                "reference does not exist",
                "incorrect old value provided",
                "refname conflict",
                "Internal Server Error"
            })
    void whatMayMeanSeveralThingsIsSettledByALook(String ng) throws Exception {
        assertThat(refusal.answer(new PushReport("ok", Optional.of(ng), "")))
                .isInstanceOfSatisfying(
                        PushAnswer.Unsettled.class,
                        unsettled -> assertThat(unsettled.otherwise().reason()).isEqualTo(SharedReason.SERVER_ERROR));
    }

    @Test
    void missingObjectsMayBeSentTheNextTime() throws Exception {
        assertThat(refusal.answer(new PushReport("ok", Optional.of("missing necessary objects"), "")))
                .isInstanceOf(PushAnswer.ObjectsMissing.class);
        for (String unpack : new String[] {"index-pack abnormal exit", "unpack-objects abnormal exit", "error"}) {
            assertThat(refusal.answer(
                            new PushReport(unpack, Optional.of("unpacker error"), "fatal: unresolved deltas")))
                    .isInstanceOfSatisfying(PushAnswer.ObjectsMissing.class, missing -> assertThat(missing.otherwise())
                            .hasMessageContaining(unpack)
                            .hasMessageContaining("unresolved deltas"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fatal: did not receive expected object 1111111111111111111111111111111111111111 | true",
                "remote: fatal: pack has 3 unresolved deltas | true",
                "fatal: unresolved deltas left after unpacking | true",
                "error: object 1111: badTimezone: invalid author/committer line - bad time zone | false",
                "fatal: fsck error in packed object | false",
                "error: inflate: data stream error | false",
                "'' | false"
            })
    void onlyMissingObjectsAreTakenForMissingHistory(String messages, boolean certain) throws Exception {
        assertThat(refusal.answer(new PushReport("index-pack failed", Optional.of("unpacker error"), messages)))
                .isInstanceOfSatisfying(PushAnswer.ObjectsMissing.class, missing -> assertThat(missing.certain())
                        .isEqualTo(certain));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pre-receive hook declined | error: GH009: Secrets detected! This push failed. | PUSH_PROTECTION",
                "push declined due to repository rule violations | error: GH013: Repository rule violations found. - Push cannot contain secrets | PUSH_PROTECTION",
                "push declined due to repository rule violations | Push cannot contain secrets | REMOTE_REJECTED",
            })
    void gitHubsCodeDecidesWhetherItFoundASecret(String ng, String messages, @ReasonByName Reason reason) {
        RefusedException refused = refused(ng, messages);
        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(refused).hasMessageContaining(ng + ": ").hasMessageContaining("because it may contain the secret");
    }

    @Test
    void ofASecretThatGitHubFoundKindAndPlaceAreQuoted() {
        RefusedException refused = refused("push declined due to repository rule violations", """
                        error: GH013: Repository rule violations found for refs/heads/main.

                        - GITHUB PUSH PROTECTION
                          \u2014\u2014\u2014\u2014\u2014\u2014\u2014\u2014\u2014
                            Resolve the following violations before pushing again

                            - Push cannot contain secrets

                             (?) Learn how to resolve a blocked push
                             https://docs.github.com/code-security/secret-scanning

                              \u2014\u2014 GitHub Personal Access Token \u2014\u2014\u2014\u2014\u2014\u2014
                               locations:
                                 - commit: 5477a7dd26384ed3c8b3814ee677f755ad27a597
                                   path: src/api/github.ts:34

                               (?) To push, remove secret from commit(s) or follow this URL to allow the secret.
                               https://github.com/acme/web/security/secret-scanning/unblock-secret/2gakJrAu
                        """);
        assertThat(refused.reason()).isEqualTo(PushReason.PUSH_PROTECTION);
        assertThat(refused)
                .hasMessageContaining(
                        "declined due to repository rule violations: GH013, Push cannot contain secrets, GitHub Personal Access Token,"
                                + " commit 5477a7dd26384ed3c8b3814ee677f755ad27a597, src/api/github.ts:34,"
                                + " https://github.com/acme/web/security/secret-scanning/unblock-secret/2gakJrAu."
                                + " The rest of the message is not shown");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Finding:     password = hunter2hunter2\nSecret:      hunter2hunter2\nFile:        src/a.txt\nLine:        3\nCommit:      5477a7dd26384ed3c8b3814ee677f755ad27a597",
                "secret found in src/a.txt:3: password=hunter2hunter2",
                "src/a.txt:3: password=hunter2hunter2",
                "{\"File\":\"src/a.txt\",\"StartLine\":3,\"Match\":\"hunter2hunter2\",\"Secret\":\"hunter2hunter2\"}",
                "GitLab: found the credential hunter2hunter2 in src/a.txt:3",
                "rejected: AKIAIOSFODNN7EXAMPLE hunter2hunter2 in src/a.txt:3",
                "Token https://hunter2hunter2:x@github.com/x and https://hooks.example.com/hunter2hunter2, see src/a.txt:3\npath: src/a.txt",
                "the secret postgres://admin:hunter2hunter2@db:5432 is in\nsrc/a.txt:3: postgres://admin:hunter2hunter2@db:5432",
                "Leak in file: src/a.txt\nfile: hunter2hunter2=x\nline: 3hunter2hunter2",
                "-----BEGIN RSA PRIVATE KEY-----\nhunter2hunter2\n-----END RSA PRIVATE KEY-----\n at src/a.txt:3"
            })
    void aSecretThatAHookPrintsIsNotCopiedAndItsPlaceIs(String printed) {
        RefusedException refused = refused("pre-receive hook declined", printed);
        assertThat(refused.reason()).isEqualTo(PushReason.REMOTE_REJECTED);
        assertThat(refused)
                .hasMessageContaining("pre-receive hook declined")
                .hasMessageContaining("src/a.txt")
                .hasMessageNotContaining("hunter2")
                .hasMessageNotContaining("AKIA")
                .hasMessageNotContaining("postgres");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Blocked: DB_PASS=hunter2 in app.ini",
                "hard-coded pwd 'hunter2' found",
                "Authorization: Bearer hunter2",
                "postgres://app:hunter2@db/x",
                "\"pass\": \"hunter2\"",
                "secret found, location: hunter2S3cr3t",
                "secret in config: file=hunter2",
                "leak: at wJalrXUtnhunter2/K7MDENG/bPxRfiCYEXAMPLEKEY:12",
                "secret in path: src/hunter2S3cr3t.txt",
                "secret, see https://forge.example.com/x/hunter2S3cr3t"
            })
    void aSecretInTheFormOfAPlaceOrWithAnUncommonWordIsNotCopied(String printed) {
        assertThat(refused("pre-receive hook declined", printed))
                .hasMessageContaining("pre-receive hook declined")
                .hasMessageNotContaining("hunter2")
                .hasMessageNotContaining("MDENG");
    }

    @Test
    void onlyAFullCommitIdIsQuoted() {
        assertThat(refused("pre-receive hook declined", "secret commit 5f4dcc3b5aa765d61d8327deb882cf99"))
                .hasMessageNotContaining("5f4d");
        String id = "5477a7dd26384ed3c8b3814ee677f755ad27a597";
        assertThat(refused("pre-receive hook declined", "secret commit " + id)).hasMessageContaining(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "src/main/java/SessionPublishReconciler.java",
                "app.ini",
                ".env",
                "config/prod-2.yaml",
                "README.md"
            })
    void thePathOfAnOrdinaryFileIsQuoted(String path) {
        assertThat(refused("pre-receive hook declined", "secret in file: " + path))
                .hasMessageContaining(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"all checks must pass", "you need authorization to push", "use the bypass list"})
    void ordinaryRefusalsAreQuoted(String printed) {
        assertThat(refused("pre-receive hook declined", printed)).hasMessageContaining(printed);
    }

    @Test
    void aSecretInTheWordOnTheBranchOrInAFatalErrorIsNotCopied() {
        assertThat(refused("the password hunter2 is in a.txt", ""))
                .hasMessageNotContaining("hunter2")
                .hasMessageContaining("declined");
        assertThat(refusal.text("fatal: password hunter2", "")).doesNotContain("hunter2");
    }

    @Test
    void anUnpackThatARuleEndedIsNotTriedWithMore() {
        assertThatThrownBy(() -> refusal.answer(new PushReport(
                        "index-pack abnormal exit",
                        Optional.of("unpacker error"),
                        "fatal: pack exceeds maximum allowed size (100.00 KiB)")))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(PushReason.PACK_TOO_LARGE));
    }

    @Test
    void theLineOfTheCodeComesBeforeAllTheOtherTalk() {
        String talk = "remote: welcome to the policy service\n".repeat(100);
        RefusedException refused = refused(
                "pre-receive hook declined",
                talk + "remote: error: File x is big\nremote: error: GH001: Large files detected.\nremote: Bye");
        assertThat(refused)
                .hasMessageEndingWith(
                        "declined: GH001: Large files detected. Bye welcome to the policy service File x is big");
    }

    @Test
    void theMessageIsOneBoundedLineWithoutTheToken() {
        String basic = TOKEN.basic().substring("Basic ".length());
        RefusedException refused = refused(
                "no " + TOKEN.value(),
                "a\u001b[31m\r\nb \u202e " + TOKEN.value() + " " + basic + "\n" + "\u00fc".repeat(9_000));
        assertThat(refused.getMessage())
                .hasSizeLessThan(1_600)
                .contains("[redacted]")
                .doesNotContain(TOKEN.value(), basic, "\n", "\r", "\u001b", "\u202e");
    }
}
