package dev.sessionpublish.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.ReasonGroup;
import dev.sessionpublish.outcome.RetryClass;
import dev.sessionpublish.sandbox.SandboxReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PublishReasonTest {
    private static final Path TABLE = Path.of("docs", "reasons.md");

    static List<Reason> reasons() {
        return PublishReason.ALL;
    }

    @Test
    void noTwoReasonsHaveTheSameCode() {
        assertThat(reasons().stream().map(Reason::code)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void eachReasonSaysWhatHappenedAndWhatToDo(Reason reason) {
        assertThat(reason.meaning().when()).matches("[A-Z][^<>`*|]{15,200}\\.");
        assertThat(reason.meaning().remedy()).matches("[A-Z][^<>`*|]{15,200}\\.");
        assertThat(reason.code()).matches("[a-z]+(-[a-z]+)*");
        assertThat(reason.conditionReason())
                .matches("([A-Z][a-z]*)+")
                .isEqualToIgnoringCase(reason.code().replace("-", ""));
    }

    @Test
    void conditionsHaveTheCodeInCamelCase() {
        assertThat(PushReason.PUSH_PROTECTION.conditionReason()).isEqualTo("PushProtection");
        assertThat(PushReason.LFS.conditionReason()).isEqualTo("Lfs");
        assertThat(SandboxReason.NOT_A_REPOSITORY.code()).isEqualTo("not-a-repository");
    }

    /** Run with {@code -Ddocs.write=true} to write the table anew. */
    @Test
    void theDocumentedTableIsTheOneInTheCode() throws IOException {
        if (Boolean.getBoolean("docs.write")) {
            Files.createDirectories(TABLE.getParent());
            Files.writeString(TABLE, document());
        }
        assertThat(TABLE)
                .as("docs/reasons.md is generated: mvn test -Dtest=PublishReasonTest -Ddocs.write=true")
                .hasContent(document());
    }

    private static String document() {
        return """
                # Reasons

                Why a publish is not where it was asked to be: the code in `status.reason`, in events and in metrics; \
                the same word in CamelCase as the reason of a condition. `status.message` has the details of the case.

                This table is generated from the code (`mvn test -Dtest=PublishReasonTest -Ddocs.write=true`). A reason stands \
                where it is met first; `missing-credentials`, `auth`, `forbidden`, `sso-required`, `not-found`, \
                `rate-limited`, `network` and `server-error` end the pull-request stage as well. Once the work is \
                pushed, a pull request that can't be opened doesn't make the publish fail: its phase is then \
                `ManualPullRequestRequired`, with a link \
                that opens the pull request.

                To retry at once, whatever the reason, give the annotation `sessionpublish.dev/retry-at` a new value:

                    kubectl annotate spub NAME --overwrite sessionpublish.dev/retry-at="$(date +%s)"

                """
                + Arrays.stream(ReasonGroup.values())
                        .map(PublishReasonTest::section)
                        .collect(Collectors.joining("\n"));
    }

    private static String section(ReasonGroup group) {
        return "## " + title(group)
                + "\n\n| reason | when | retried | what you do |\n|---|---|---|---|\n"
                + PublishReason.ALL.stream()
                        .filter(reason -> reason.group() == group)
                        .map(reason -> "| `" + reason.code() + "` | "
                                + reason.meaning().when() + " | " + retried(reason.retryClass()) + " | "
                                + reason.meaning().remedy() + " |\n")
                        .collect(Collectors.joining());
    }

    private static String title(ReasonGroup group) {
        return switch (group) {
            case PROJECT -> "Spec and project";
            case SOURCE -> "Source: the sandbox and its checkout";
            case CONTENT -> "Content: what there is to deliver";
            case PUSH -> "Push";
            case PULL_REQUEST -> "Pull request";
            case ANY -> "Any stage";
        };
    }

    private static String retried(RetryClass retryClass) {
        return switch (retryClass) {
            case PERMANENT -> "no: when the spec changes";
            case WAKES_ON_PROJECT -> "no: when the project, its Secret or the spec changes";
            case WAKES_ON_SETTING -> "no: when the operator's setting or the spec changes";
            case BACKOFF -> "with growing delays; `nextAttemptAt` says when";
            case ONCE -> "once";
        };
    }
}
