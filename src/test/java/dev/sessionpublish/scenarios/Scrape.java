package dev.sessionpublish.scenarios;

import dev.sessionpublish.docs.MetricsDocument.Metric;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The operator's own metrics, read once as Prometheus reads them. */
record Scrape(Map<String, String> types, List<Sample> samples) {
    private static final Pattern TYPE = Pattern.compile("# TYPE (session_publish_\\w+) (\\w+)");
    private static final Pattern SAMPLE = Pattern.compile("(session_publish_\\w+?)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    record Sample(String name, Map<String, String> labels, double value) {}

    static Scrape of(int port) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        Map<String, String> types = new TreeMap<>();
        List<Sample> samples = new ArrayList<>();
        for (String line : answer.body().split("\n")) {
            Matcher type = TYPE.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (type.matches()) {
                types.put(type.group(1), type.group(2));
            } else if (sample.matches()) {
                Map<String, String> labels = new TreeMap<>();
                LABEL.matcher(sample.group(2) == null ? "" : sample.group(2))
                        .results()
                        .forEach(label -> labels.put(label.group(1), label.group(2)));
                samples.add(new Sample(sample.group(1), labels, Double.parseDouble(sample.group(3))));
            }
        }
        return new Scrape(types, samples);
    }

    /** What there is, but for the maxima that accompany histograms. */
    Map<String, Metric> metrics() {
        Map<String, Metric> metrics = new TreeMap<>();
        types.forEach((name, type) -> {
            if (!name.endsWith("_max") || !"histogram".equals(types.get(name.replaceFirst("_max$", "")))) {
                metrics.put(name, new Metric(name, type, labelsOf(name, type)));
            }
        });
        return metrics;
    }

    private Set<String> labelsOf(String name, String type) {
        String series = type.equals("histogram") ? name + "_count" : name;
        Set<String> labels = new TreeSet<>();
        samples.stream()
                .filter(each -> each.name().equals(series))
                .forEach(each -> labels.addAll(each.labels().keySet()));
        return labels;
    }

    /** The sum of all samples of a name that have these labels, given as pairs of name and value. */
    double sum(String name, String... labels) {
        return samples.stream()
                .filter(each -> each.name().equals(name) && has(each, labels))
                .mapToDouble(Sample::value)
                .sum();
    }

    List<Sample> of(String... labels) {
        return samples.stream().filter(each -> has(each, labels)).toList();
    }

    private static boolean has(Sample sample, String... labels) {
        for (int i = 0; i < labels.length; i += 2) {
            if (!labels[i + 1].equals(sample.labels().get(labels[i]))) {
                return false;
            }
        }
        return true;
    }
}
