package dev.sessionpublish;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sessionpublish.config.Setting;
import dev.sessionpublish.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The chart's files agree with one another and with the operator; what helm makes of them needs helm. */
class ChartFilesTest {
    private static final Path CHART = Path.of("helm", "session-publish-operator");
    private static final YAMLMapper YAML = new YAMLMapper();
    /** What the chart sets by values of its own. */
    private static final Set<String> OF_THE_CHART = Set.of(
            "PUBLISHING_ENABLED",
            "NAMESPACES",
            "SHARD_SELECTOR",
            "FORGES",
            "EXEC_TIMEOUT",
            "SHUTDOWN_GRACE",
            "PROBE_PORT",
            "METRICS_PORT",
            "LEADER_ELECTION",
            "LEADER_ELECTION_NAMESPACE",
            "LEADER_ELECTION_LEASE");

    private static final Pattern KEY = Pattern.compile("^( *)(\\w+):(.*)$");
    private static final Pattern TABLE = Pattern.compile("(?s)(<!-- values: [^\n]* -->\n).*(<!-- end of values -->\n)");

    @Test
    void everySettingCanBeSetByAValueAndNothingElseCan() throws IOException {
        Set<String> settings = Settings.ALL.stream()
                .map(Setting::name)
                .filter(name -> !OF_THE_CHART.contains(name))
                .map(ChartFilesTest::camelCase)
                .collect(Collectors.toSet());

        assertThat(names(schema().at("/properties/settings/properties"))).isEqualTo(settings);
        assertThat(names(YAML.readTree(Path.of("src", "test", "resources", "chart", "golden", "everything.values.yaml")
                                .toFile())
                        .path("settings")))
                .as("what is rendered with everything set")
                .isEqualTo(settings);
    }

    @Test
    void everyValueIsInTheSchemaAndTheOtherWayRound() throws IOException {
        Set<String> values = new TreeSet<>();
        leaves("", YAML.readTree(CHART.resolve("values.yaml").toFile()), schema(), values);
        Set<String> declared = new TreeSet<>();
        declared("", schema(), declared);
        declared.removeIf(each -> each.startsWith("settings.") || each.equals("global"));
        values.removeIf(each -> each.startsWith("settings."));

        assertThat(values).isEqualTo(declared);
    }

    @Test
    void theTableOfValuesSaysWhatTheirCommentsSay() throws IOException {
        Path readme = CHART.resolve("README.md");
        String written = Files.readString(readme);
        Matcher table = TABLE.matcher(written);
        assertThat(table.find()).isTrue();
        String expected = table.replaceFirst(Matcher.quoteReplacement(table.group(1) + table() + table.group(2)));
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(readme, expected);
        }

        assertThat(readme)
                .as("after a change of the values run: mvn -q test -Dtest=ChartFilesTest -Ddocs.write=true")
                .hasContent(expected);
    }

    @Test
    void theChartsVersionIsTheProjects() throws IOException {
        String version = Files.readString(Path.of("pom.xml"))
                .replaceFirst("(?s).*?<artifactId>session-publish-operator</artifactId>\\s*<version>([^<]+)<.*", "$1")
                .replace("-SNAPSHOT", "");
        JsonNode chart = YAML.readTree(CHART.resolve("Chart.yaml").toFile());

        assertThat(chart.path("appVersion").asText()).isEqualTo(version);
        assertThat(chart.path("version").asText()).isEqualTo(version);
    }

    /** One row for each value with a comment; one without is a group of others. */
    private static String table() throws IOException {
        StringBuilder table = new StringBuilder("\n| value | default | description |\n|---|---|---|\n");
        JsonNode values = YAML.readTree(CHART.resolve("values.yaml").toFile());
        List<String> path = new ArrayList<>();
        String comment = "";
        for (String line : Files.readAllLines(CHART.resolve("values.yaml"))) {
            Matcher key = KEY.matcher(line);
            if (line.strip().startsWith("# -- ")) {
                comment = line.strip().substring("# -- ".length());
            } else if (key.matches()) {
                int depth = key.group(1).length() / 2;
                path = new ArrayList<>(path.subList(0, Math.min(depth, path.size())));
                path.add(key.group(2));
                if (!comment.isEmpty()) {
                    String value = new ObjectMapper().writeValueAsString(values.at("/" + String.join("/", path)));
                    table.append("| `%s` | `%s` | %s |\n".formatted(String.join(".", path), value, comment));
                    comment = "";
                }
            }
        }
        return table.append('\n').toString();
    }

    private static JsonNode schema() throws IOException {
        return new ObjectMapper().readTree(CHART.resolve("values.schema.json").toFile());
    }

    /** Ends where the schema names no properties. */
    private static void leaves(String path, JsonNode value, JsonNode schema, Set<String> into) {
        if (!value.isObject() || !schema.has("properties") && !path.isEmpty()) {
            into.add(path);
            return;
        }
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            leaves(
                    path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                    field.getValue(),
                    schema.path("properties").path(field.getKey()),
                    into);
        }
    }

    private static void declared(String path, JsonNode schema, Set<String> into) {
        if (!schema.has("properties")) {
            into.add(path);
            return;
        }
        for (String name : names(schema.path("properties"))) {
            declared(
                    path.isEmpty() ? name : path + "." + name,
                    schema.path("properties").path(name),
                    into);
        }
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String camelCase(String setting) {
        return Pattern.compile("_(.)").matcher(setting.toLowerCase(Locale.ROOT)).replaceAll(letter -> letter.group(1)
                .toUpperCase(Locale.ROOT));
    }
}
