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

    private final PushRefusal refusal = new PushRefusal(TOKEN.redactor());

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
                "pre-receive hook declined | error: GH009: Secrets detected! This push failed. | PUSH_PROTECTION",
                "push declined due to repository rule violations | error: GH013: Repository rule violations found. - Push cannot contain secrets | PUSH_PROTECTION",
                "push declined due to repository rule violations | error: GH013: Repository rule violations found. - Changes must be made through a pull request. | REMOTE_REJECTED",
                "push declined due to repository rule violations | Push cannot contain secrets | REMOTE_REJECTED",
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
