package dev.sessionpublish.docs;

import dev.sessionpublish.docs.MetricsDocument.Metric;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What an expression of Prometheus' query language asks for, as far as names go: which series, by which labels. It is no
 * parser of the language; what it can't make out is a problem.
 */
record MetricExpression(String text) {
    private static final Set<String> FUNCTIONS =
            Set.of("sum", "min", "max", "rate", "increase", "histogram_quantile", "absent", "time", "label_values");
    private static final Set<String> WORDS = Set.of("by", "on", "and", "or", "unless", "offset", "ignoring");
    /** Of the target, put there by Prometheus. */
    private static final Set<String> OF_THE_TARGET = Set.of("pod");

    private static final Pattern SELECTOR = Pattern.compile("\\b((?:session_publish|jvm)_\\w+)\\s*(?:\\{([^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on|ignoring)\\s*\\(([^)]*)\\)");
    private static final Pattern WORD = Pattern.compile("[A-Za-z_]\\w*");

    /** One comparison with a label's value; a pattern's alternatives are several. */
    record Comparison(String label, String value) {}

    private record Selector(String series, String matchers) {}

    private List<Selector> selectors() {
        return SELECTOR.matcher(text)
                .results()
                .map(found -> new Selector(found.group(1), found.group(2) == null ? "" : found.group(2)))
                .toList();
    }

    /** The documented names whose series are asked for. */
    Set<String> metrics(Map<String, Metric> documented) {
        Set<String> names = new HashSet<>();
        selectors().forEach(each -> names.add(nameOf(each.series(), documented)));
        return names;
    }

    List<Comparison> comparisons() {
        List<Comparison> all = new ArrayList<>();
        for (Selector selector : selectors()) {
            for (MatchResult each :
                    MATCHER.matcher(selector.matchers()).results().toList()) {
                for (String value : each.group(3).split("[|]")) {
                    all.add(new Comparison(each.group(1), value));
                }
            }
        }
        return all;
    }

    /** By which labels the outermost series are told apart: those of every grouping. */
    Set<String> groupings() {
        Set<String> labels = new HashSet<>();
        for (MatchResult each : GROUPING.matcher(text).results().toList()) {
            labels.addAll(List.of(each.group(1).strip().split("\\s*,\\s*")));
        }
        return labels;
    }

    /** What is wrong, one sentence each; empty when nothing is. */
    List<String> problems(Map<String, Metric> documented) {
        List<String> problems = new ArrayList<>();
        Set<String> labels = new HashSet<>(OF_THE_TARGET);
        for (Selector selector : selectors()) {
            Set<String> own = labelsOf(selector.series(), documented, problems);
            labels.addAll(own);
            String rest = MATCHER.matcher(selector.matchers()).replaceAll(match -> {
                if (!own.contains(match.group(1)) && !OF_THE_TARGET.contains(match.group(1))) {
                    problems.add(selector.series() + " has no label " + match.group(1));
                }
                return "";
            });
            if (!rest.replaceAll("[,\\s]", "").isEmpty()) {
                problems.add("what is \"" + rest + "\"?");
            }
        }
        if (selectors().isEmpty()) {
            problems.add("nothing is asked for");
        }
        groupings().stream()
                .filter(label -> !labels.contains(label))
                .forEach(label -> problems.add("nothing in it has the label " + label));
        problems.addAll(strangers());
        return problems;
    }

    private static Set<String> labelsOf(String series, Map<String, Metric> documented, List<String> problems) {
        if (series.startsWith("jvm_")) {
            return Set.of();
        }
        Metric metric = documented.get(nameOf(series, documented));
        if (metric == null) {
            problems.add("there is no metric " + series);
            return Set.of();
        }
        boolean part = !series.equals(metric.name());
        if (metric.type().equals("histogram") != part) {
            problems.add(series + " is no series of a " + metric.type());
        }
        Set<String> labels = new HashSet<>(metric.labels());
        if (series.endsWith("_bucket")) {
            labels.add("le");
        }
        return labels;
    }

    /** Of a histogram's series the histogram's own name. */
    private static String nameOf(String series, Map<String, Metric> documented) {
        String whole = series.replaceFirst("_(bucket|sum|count|max)$", "");
        Metric metric = documented.get(whole);
        return metric != null && metric.type().equals("histogram") ? whole : series;
    }

    /** What is left without series, labels, durations and numbers must be words of the language, in balance. */
    private List<String> strangers() {
        String rest = SELECTOR.matcher(text).replaceAll("");
        rest = GROUPING.matcher(rest).replaceAll("");
        rest = rest.replaceAll("\\[[^]]*]", "").replaceAll("\\boffset \\d+[smhd]", "");
        List<String> problems = new ArrayList<>();
        for (MatchResult word : WORD.matcher(rest).results().toList()) {
            boolean call = rest.substring(word.end()).stripLeading().startsWith("(");
            boolean known = FUNCTIONS.contains(word.group()) || WORDS.contains(word.group());
            if (!known || FUNCTIONS.contains(word.group()) && !call) {
                problems.add("what is \"" + word.group() + "\"?");
            }
        }
        if (rest.chars().filter(c -> c == '(').count()
                != rest.chars().filter(c -> c == ')').count()) {
            problems.add("brackets are missing");
        }
        return problems;
    }
}
