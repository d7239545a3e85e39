package dev.sessionpublish.demo;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A picture of what the demo prints of its first publish, as an SVG with colours of its own, so that it can be read on
 * light and on dark pages. What differs from run to run is left out or replaced: times, and the address of the stand-in.
 */
final class DemoPicture {
    private static final Pattern PUBLISH =
            Pattern.compile("(?s)(\\$ kubectl apply -f docs/quickstart/publish\\.yaml\n.*?)\n\\$ git log ");

    private static final String STYLE = """
              <style>
                text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; fill: #d1d9e0; white-space: pre }
                .command { fill: #79c0ff }
              </style>
            """;
    private static final int LINE = 18;
    private static final int MARGIN = 16;
    private static final double CHARACTER = 7.3;

    private DemoPicture() {}

    /**
     * @param output of the demo with its stand-ins
     * @throws IllegalArgumentException when it shows no publish
     */
    static String of(String output) {
        Matcher publish = PUBLISH.matcher(output);
        if (!publish.find()) {
            throw new IllegalArgumentException("no publish: " + output);
        }
        List<String> lines = publish.group(1).lines().map(DemoPicture::lasting).toList();
        int width = 2 * MARGIN
                + (int) Math.ceil(CHARACTER
                        * lines.stream().mapToInt(String::length).max().orElse(0));
        int height = 2 * MARGIN + LINE * lines.size();
        StringBuilder svg = new StringBuilder("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img">
                  <title>A SessionPublish is applied; its events say that the branch was pushed and pull request #1 opened.</title>
                %3$s  <rect width="%1$d" height="%2$d" rx="8" fill="#151b23"/>
                """.formatted(width, height, STYLE));
        for (int i = 0; i < lines.size(); i++) {
            svg.append(line(lines.get(i), MARGIN + LINE * i + 13));
        }
        return svg.append("</svg>\n").toString();
    }

    private static String line(String text, int y) {
        String kind = text.startsWith("$ ") ? " class=\"command\"" : "";
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return text.isEmpty()
                ? ""
                : "  <text x=\"" + MARGIN + "\" y=\"" + y + "\"" + kind + " xml:space=\"preserve\">" + escaped
                        + "</text>\n";
    }

    private static String lasting(String line) {
        return line.replaceFirst("^  \\d\\d:\\d\\d:\\d\\d  ", "  ")
                .replaceAll("https://localhost:\\d+", "https://github.com")
                .replaceAll("\\b([0-9a-f]{7})[0-9a-f]{33}\\b", "$1")
                .replaceFirst("(PULL-REQUEST) +REASON +AGE$", "$1")
                .replaceFirst("(/pull/1) +\\d+s$", "$1");
    }
}
