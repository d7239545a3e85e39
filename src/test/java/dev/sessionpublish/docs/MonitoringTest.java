package dev.sessionpublish.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.docs.MetricsDocument.Metric;
import dev.sessionpublish.http.Api;
import dev.sessionpublish.publish.PublishReason;
import dev.sessionpublish.sandbox.ExecOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The chart's dashboard and alerts ask for what docs/metrics.md lists, by exactly those names and labels. */
class MonitoringTest {
    private static final Path FILES = Path.of("helm", "session-publish-operator", "files");
    private static final Pattern SHOWN = Pattern.compile("\\{\\{\\s*(?:\\$labels\\.)?(\\w+)\\s*}}");
    private static final Map<String, Predicate<String>> VALUES = Map.of(
            "phase",
                    value -> Arrays.stream(Phase.values())
                            .anyMatch(each -> each.name().equals(value)),
            "reason",
                    value -> value.equals("none") || PublishReason.ofCode(value).isPresent(),
            "outcome",
                    value -> Arrays.stream(ExecOutcome.values())
                            .anyMatch(each -> each.word().equals(value)),
            "api",
                    value -> Arrays.stream(Api.values())
                            .anyMatch(each -> each.word().equals(value)),
            "code", value -> value.matches("io|\\d\\d\\d"),
            "stage", Set.of("push", "pull-request")::contains,
            "result", Set.of("ok", "failed")::contains);

    private final Map<String, Metric> documented = read();

    /** An expression, and the texts that name its labels. */
    private record Shown(MetricExpression expression, List<String> texts) {}

    @Test
    void everyExpressionUsesDocumentedNamesLabelsAndValuesOnly() throws IOException {
        List<Shown> all = Stream.concat(dashboard().stream(), alerts().stream()).toList();
        assertThat(all).hasSizeGreaterThan(20);
        for (Shown each : all) {
            assertThat(each.expression().problems(documented))
                    .as(each.expression().text())
                    .isEmpty();
            for (MetricExpression.Comparison comparison : each.expression().comparisons()) {
                if (!comparison.value().startsWith("$")) {
                    assertThat(VALUES.getOrDefault(comparison.label(), value -> false)
                                    .test(comparison.value()))
                            .as("%s in %s", comparison, each.expression().text())
                            .isTrue();
                }
            }
        }
    }

    @Test
    void whatIsShownOfAResultIsALabelThatItHas() throws IOException {
        for (Shown each : Stream.concat(dashboard().stream(), alerts().stream()).toList()) {
            for (String text : each.texts()) {
                Set<String> names = new HashSet<>();
                SHOWN.matcher(text).results().forEach(label -> names.add(label.group(1)));

                assertThat(each.expression().groupings())
                        .as("%s of %s", text, each.expression().text())
                        .containsAll(names);
            }
        }
    }

    @Test
    void theDashboardShowsEverythingThatIsDocumented() throws IOException {
        Set<String> shown = new HashSet<>();
        dashboard().forEach(each -> shown.addAll(each.expression().metrics(documented)));

        assertThat(shown).containsAll(documented.keySet());
    }

    @Test
    void theExamplesOfThePageHoldWhatItLists() throws IOException {
        List<String> examples = Stream.of(
                        Files.readString(Path.of("docs", "metrics.md")).split("\n\n"))
                .filter(block -> block.startsWith("    "))
                .toList();
        assertThat(examples).isNotEmpty().allSatisfy(example -> assertThat(
                        new MetricExpression(example.replace("group_left", "")).problems(documented))
                .as(example)
                .isEmpty());
    }

    /** By the annotation that monitoring tools show as a link. */
    @Test
    void everyAlertLeadsToASectionOfTheRunbookOfItsOwn() throws IOException {
        Path runbook = Path.of("docs", "runbook.md");
        List<String> sections = Documents.anchors(runbook);
        assertThat(rules()).isNotEmpty().allSatisfy(rule -> {
            String anchor = rule.path("alert").asText().toLowerCase(Locale.ROOT);
            assertThat(rule.at("/annotations/runbook_url").asText()).isEqualTo(runbook + "#" + anchor);
            assertThat(sections).contains(anchor);
        });
        assertThat(sections.stream().filter(each -> each.startsWith("sessionpublish")))
                .hasSameSizeAs(rules());
    }

    @Test
    void aWrongNameIsSeen() {
        for (String wrong : List.of(
                "sum(session_publish_gone)",
                "session_publish_publishes{reason=\"auth\"}",
                "sum by (person) (session_publish_queued)",
                "rate(session_publish_stage_seconds[5m])",
                "session_publish_ended_total_bucket",
                "session_publish_publishes{phase=Failed}",
                "summ(session_publish_queued)",
                "sum((session_publish_queued)",
                "up")) {
            assertThat(new MetricExpression(wrong).problems(documented))
                    .as(wrong)
                    .isNotEmpty();
        }
    }

    private static List<Shown> dashboard() throws IOException {
        JsonNode dashboard =
                new ObjectMapper().readTree(FILES.resolve("dashboard.json").toFile());
        List<Shown> all = new ArrayList<>();
        for (JsonNode panel : dashboard.path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                all.add(new Shown(
                        new MetricExpression(target.path("expr").asText()),
                        List.of(target.path("legendFormat").asText())));
            }
        }
        for (JsonNode variable : dashboard.path("templating").path("list")) {
            if (variable.path("type").asText().equals("query")) {
                String query = variable.path("query").asText();
                all.add(new Shown(new MetricExpression(query.replaceFirst(", (\\w+)\\)$", ") by ($1)")), List.of()));
            }
        }
        return all;
    }

    private static List<Shown> alerts() throws IOException {
        List<Shown> all = new ArrayList<>();
        for (JsonNode rule :
                new YAMLMapper().readTree(FILES.resolve("alerts.yaml").toFile()).at("/groups/0/rules")) {
            all.add(new Shown(
                    new MetricExpression(rule.path("expr").asText()),
                    List.of(
                            rule.at("/annotations/summary").asText(),
                            rule.at("/annotations/description").asText())));
        }
        return all;
    }

    private static JsonNode rules() throws IOException {
        return new YAMLMapper().readTree(FILES.resolve("alerts.yaml").toFile()).at("/groups/0/rules");
    }

    private static Map<String, Metric> read() {
        try {
            return MetricsDocument.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
