package dev.sessionpublish.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReasonTest {
    private static final Path TABLE = Path.of("docs", "reasons.md");

    @ParameterizedTest
    @EnumSource(Reason.class)
    void eachReasonSaysWhatHappenedAndWhatToDo(Reason reason) {
        assertThat(reason.when()).matches("[A-Z][^<>`*|]{15,200}\\.");
        assertThat(reason.remedy()).matches("[A-Z][^<>`*|]{15,200}\\.");
        assertThat(reason.code()).matches("[a-z]+(-[a-z]+)*");
        assertThat(reason.conditionReason())
                .matches("([A-Z][a-z]*)+")
                .isEqualToIgnoringCase(reason.code().replace("-", ""));
    }

    @Test
    void conditionsHaveTheCodeInCamelCase() {
        assertThat(Reason.PUSH_PROTECTION.conditionReason()).isEqualTo("PushProtection");
        assertThat(Reason.LFS.conditionReason()).isEqualTo("Lfs");
        assertThat(Reason.NOT_A_REPOSITORY.code()).isEqualTo("not-a-repository");
    }

    /** Run with {@code -Ddocs.write=true} to write the table anew. */
    @Test
    void theDocumentedTableIsTheOneInTheCode() throws IOException {
        if (Boolean.getBoolean("docs.write")) {
            Files.createDirectories(TABLE.getParent());
            Files.writeString(TABLE, document());
        }
        assertThat(TABLE)
                .as("docs/reasons.md is generated: mvn test -Dtest=ReasonTest -Ddocs.write=true")
                .hasContent(document());
    }

    private static String document() {
        return """
                # Reasons

                Why a publish is not where it was asked to be: the code in `status.reason`, in events and in metrics; \
                the same word in CamelCase as the reason of a condition. `status.message` has the details of the case.

                This table is generated from the code (`mvn test -Dtest=ReasonTest -Ddocs.write=true`). A reason stands \
                where it is met first; `missing-credentials`, `auth`, `forbidden`, `sso-required`, `not-found`, \
                `rate-limited`, `network` and `server-error` end the pull-request stage as well. Once the work is \
                pushed, a pull request that can't be opened doesn't make the publish fail: its phase is then \
                `ManualPullRequestRequired`, with a link \
                that opens the pull request.

                To retry at once, whatever the reason, give the annotation `sessionpublish.dev/retry-at` a new value:

                    kubectl annotate spub NAME --overwrite sessionpublish.dev/retry-at="$(date +%s)"

                """ + Arrays.stream(Stage.values()).map(ReasonTest::section).collect(Collectors.joining("\n"));
    }

    private static String section(Stage stage) {
        return "## " + title(stage)
                + "\n\n| reason | when | retried | what you do |\n|---|---|---|---|\n"
                + Arrays.stream(Reason.values())
                        .filter(reason -> reason.stage() == stage)
                        .map(reason -> "| `" + reason.code() + "` | " + reason.when() + " | "
                                + retried(reason.retryClass()) + " | " + reason.remedy() + " |\n")
                        .collect(Collectors.joining());
    }

    private static String title(Stage stage) {
        return switch (stage) {
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
