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

                A reason explains why a publish failed, waits, or needs an action by a user. `status.reason`, events and metrics
                contain the code in the table below. Conditions contain the same word in CamelCase. `status.message` has the
                details.

                This table is generated from the code (`mvn test -Dtest=PublishReasonTest -Ddocs.write=true`). Each reason is
                listed under the step in which it first occurs. `missing-credentials`, `auth`, `forbidden`, `sso-required`,
                `not-found`, `rate-limited`, `network` and `server-error` can also occur while the pull request is opened. A
                publish does not fail if its commits are pushed but the pull request can't be opened: its phase is then
                `ManualPullRequestRequired`, and its status has a link that opens the pull request.

                To retry immediately, whatever the reason, set the annotation `sessionpublish.dev/retry-at` to a new value:

                    kubectl -n NAMESPACE annotate spub NAME --overwrite sessionpublish.dev/retry-at="$(date +%s)"

                """
                + Arrays.stream(ReasonGroup.values())
                        .map(PublishReasonTest::section)
                        .collect(Collectors.joining("\n"));
    }

    private static String section(ReasonGroup group) {
        return "## " + title(group)
                + "\n\n| Reason | Cause | Retry | Action |\n|---|---|---|---|\n"
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
            case CONTENT -> "Content: the commits to publish";
            case PUSH -> "Push";
            case PULL_REQUEST -> "Pull request";
            case ANY -> "Any step";
        };
    }

    private static String retried(RetryClass retryClass) {
        return switch (retryClass) {
            case PERMANENT -> "when the spec changes";
            case WAKES_ON_PROJECT -> "when the project, its Secret or the spec changes";
            case WAKES_ON_SOURCE -> "when the pod gets the label or the spec changes";
            case WAKES_ON_SETTING -> "when the operator's setting or the spec changes";
            case BACKOFF -> "automatic, with exponential backoff; see `nextAttemptAt`";
            case ONCE -> "automatic, once";
        };
    }
}
