package dev.sessionpublish.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The JVM options of the image, as pom.xml has them, in a pod with the chart's limit of memory. */
final class ImageOptions {
    private static final Pattern LIMIT = Pattern.compile("limits:\\s+memory: (\\d+)Mi");

    private ImageOptions() {}

    /** The pod's limit is given as the machine's memory, as the JVM would read it from the container. */
    static List<String> read() throws IOException {
        List<String> options = new ArrayList<>(List.of(
                "@" + Path.of("src", "main", "image", "app", "jvm.options").toAbsolutePath()));
        Matcher limit = LIMIT.matcher(Files.readString(Path.of("helm", "session-publish-operator", "values.yaml")));
        assertThat(limit.find()).isTrue();
        options.add("-XX:MaxRAM=" + limit.group(1) + "m");
        String more = System.getProperty("bench.jvm", "");
        options.addAll(more.isEmpty() ? List.of() : List.of(more.split(" ")));
        return options;
    }
}
