package dev.sessionpublish.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatusBuilder;
import dev.sessionpublish.lifecycle.History;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RetryClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** docs/stages.md says of each phase, and of what starts a publish again, what the code does. */
class StagesDocumentTest {
    private static final Path PAGE = Path.of("docs", "stages.md");
    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    private static final Pattern CODE = Pattern.compile("`([a-z-]+)`");

    private static List<List<String>> rows(String heading) throws IOException {
        String page = Files.readString(PAGE);
        String section = page.substring(page.indexOf("\n## " + heading + "\n") + 1);
        int end = section.indexOf("\n## ");
        return (end < 0 ? section : section.substring(0, end))
                .lines()
                .filter(line -> line.startsWith("| "))
                .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
                .map(cells -> cells.subList(1, cells.size()))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void theConditionsOfEachPhaseAreThoseOfThePage(Phase phase) throws IOException {
        List<String> row = rows("Phases").stream()
                .filter(cells -> cells.get(0).equals("`" + phase + "`"))
                .findFirst()
                .orElseThrow();
        SessionPublishStatus status = PublishConditions.complete(
                SessionPublishStatusBuilder.builder().phase(phase).build(), History.stored(List.of()), CLOCK);

        assertThat(List.of("Ready", "Reconciling", "Stalled"))
                .extracting(type -> status.conditions().stream()
                        .filter(each -> each.getType().equals(type))
                        .findFirst()
                        .orElseThrow()
                        .getStatus())
                .isEqualTo(row.subList(2, 5));
        assertThat(row.get(5)).isEqualTo(phase.isTerminal() ? "set" : "absent");
    }

    @Test
    void whatWakesAPublishIsWhatThePageLists() throws IOException {
        List<List<String>> rows = rows("What starts a publish again");

        assertThat(codes(rows, "the project or its Secret")).isEqualTo(codes(RetryClass.WAKES_ON_PROJECT));
        assertThat(codes(rows, "the pod gets the label")).isEqualTo(codes(RetryClass.WAKES_ON_SOURCE));
        assertThat(codes(rows, "the operator is started")).isEqualTo(codes(RetryClass.WAKES_ON_SETTING));
    }

    private static Set<String> codes(List<List<String>> rows, String when) {
        return rows.stream()
                .filter(cells -> cells.get(1).startsWith(when))
                .flatMap(cells -> CODE.matcher(cells.get(0)).results())
                .map(code -> code.group(1))
                .collect(Collectors.toSet());
    }

    private static Set<String> codes(RetryClass retried) {
        return PublishReason.ALL.stream()
                .filter(reason -> reason.retryClass() == retried)
                .map(Reason::code)
                .collect(Collectors.toSet());
    }
}
