package dev.sessionpublish.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** docs/metrics.md, as what it promises. */
public final class MetricsDocument {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(session_publish_\\w+)` \\| (\\w+) \\| ([^|]*)\\| [^|]+\\|$");
    private static final Pattern WORD = Pattern.compile("`(\\w+)`");

    private MetricsDocument() {}

    /** @param type counter, gauge or histogram */
    public record Metric(String name, String type, Set<String> labels) {}

    /** By name, as in the text format's TYPE line. */
    public static Map<String, Metric> read() throws IOException {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        for (MatchResult row : results(ROW, Files.readString(Path.of("docs", "metrics.md")))) {
            Set<String> labels = results(WORD, row.group(3)).stream()
                    .map(word -> word.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
            metrics.put(row.group(1), new Metric(row.group(1), row.group(2), labels));
        }
        return metrics;
    }

    private static List<MatchResult> results(Pattern pattern, String text) {
        return pattern.matcher(text).results().toList();
    }
}
