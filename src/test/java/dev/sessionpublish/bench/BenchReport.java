package dev.sessionpublish.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes the figures: {@code target/bench/WORLD/CASE.json} for each case, and {@code target/bench/WORLD.md} of all that
 * are there. With {@code -Dbench.before=DIR}, such a directory WORLD of an earlier run, the table has its medians too.
 */
final class BenchReport {
    private static final Path DIRECTORY = Path.of("target", "bench");
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private BenchReport() {}

    static void write(CaseReport report) throws IOException {
        Path world = Files.createDirectories(DIRECTORY.resolve(report.world()));
        JSON.writeValue(world.resolve(report.name() + ".json").toFile(), report);
        List<CaseReport> all = read(world);
        Files.writeString(DIRECTORY.resolve(report.world() + ".md"), markdown(all));
        System.out.println("bench: " + report.world() + "\n" + markdown(List.of(report)));
    }

    private static List<CaseReport> read(Path world) throws IOException {
        List<CaseReport> reports = new ArrayList<>();
        try (Stream<Path> files = Files.list(world)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                reports.add(JSON.readValue(file.toFile(), CaseReport.class));
            }
        }
        return reports;
    }

    private static String markdown(List<CaseReport> reports) throws IOException {
        StringBuilder text = new StringBuilder();
        if (reports.stream().anyMatch(report -> !report.contestants().isEmpty())) {
            times(reports, before(), text);
        }
        if (reports.stream().anyMatch(report -> report.operator() != null)) {
            costs(reports, text);
        }
        if (reports.stream().anyMatch(report -> !report.figures().isEmpty())) {
            figures(reports, text);
        }
        return text.toString();
    }

    private static Map<String, CaseReport> before() throws IOException {
        String before = System.getProperty("bench.before", "");
        return before.isEmpty()
                ? Map.of()
                : read(Path.of(before)).stream().collect(Collectors.toMap(CaseReport::name, each -> each));
    }

    private static void times(List<CaseReport> reports, Map<String, CaseReport> before, StringBuilder text) {
        text.append("| case | | n | median | p99 | per second | product's ratio to it |%s\n"
                .formatted(before.isEmpty() ? "" : " before: median | ratio |"));
        text.append("|---|---|---|---|---|---|---|")
                .append(before.isEmpty() ? "" : "---|---|")
                .append("\n");
        for (CaseReport report : reports) {
            report.contestants().forEach((name, times) -> {
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %d | %.3f s | %.3f s | %s | %s |",
                        report.name(),
                        name,
                        times.count(),
                        times.median(),
                        times.p99(),
                        times.perSecond() > 0 ? String.format(Locale.ROOT, "%.1f", times.perSecond()) : "",
                        ratio(report, name)));
                CaseReport earlier = before.get(report.name());
                if (earlier != null && earlier.contestants().containsKey(name)) {
                    text.append(String.format(
                            Locale.ROOT,
                            " %.3f s | %s |",
                            earlier.contestants().get(name).median(),
                            ratio(earlier, name)));
                }
                text.append('\n');
            });
        }
    }

    private static String ratio(CaseReport report, String other) {
        double ratio = report.ratio(CaseReport.PRODUCT, other);
        return other.equals(CaseReport.PRODUCT) || Double.isNaN(ratio)
                ? ""
                : String.format(Locale.ROOT, "**%.2f**", ratio);
    }

    private static void costs(List<CaseReport> reports, StringBuilder text) {
        text.append(
                "\n| case | CPU per publish | RSS | peak RSS | threads | API requests per publish | forge requests per publish |\n"
                        + "|---|---|---|---|---|---|---|\n");
        for (CaseReport report : reports) {
            CaseReport.Operator cost = report.operator();
            if (cost != null) {
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %.0f ms | %d MiB | %d MiB | %d | %s | %s |%n",
                        report.name(),
                        cost.cpuMillis(),
                        cost.rssMiB(),
                        cost.peakRssMiB(),
                        cost.threads(),
                        requests(cost.apiRequests()),
                        requests(cost.forgeRequests())));
            }
        }
    }

    private static String requests(Map<String, Double> requests) {
        return String.format(Locale.ROOT, "%.1f: ", CaseReport.Operator.sum(requests))
                + requests.entrySet().stream()
                        .filter(each -> each.getValue() >= 0.05)
                        .map(each -> String.format(Locale.ROOT, "%.1f %s", each.getValue(), each.getKey()))
                        .collect(Collectors.joining(", "));
    }

    private static void figures(List<CaseReport> reports, StringBuilder text) {
        text.append("\n| case | figure | |\n|---|---|---|\n");
        for (CaseReport report : reports) {
            report.figures()
                    .forEach((name, value) -> text.append(
                            String.format(Locale.ROOT, "| %s | %s | %.4g |%n", report.name(), name, value)));
        }
    }
}
