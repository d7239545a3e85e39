package dev.sessionpublish.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The documents of this repository: those at its root and those below docs/ and helm/. */
final class Documents {
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$");

    private Documents() {}

    static List<Path> all() throws IOException {
        try (Stream<Path> root = Files.list(Path.of(""));
                Stream<Path> docs = Files.walk(Path.of("docs"));
                Stream<Path> helm = Files.walk(Path.of("helm"))) {
            return Stream.of(root, docs, helm)
                    .flatMap(files -> files)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    /** Without what is quoted in blocks and in backquotes. */
    static String prose(Path document) {
        return withoutBlocks(document).replaceAll("`[^`\n]*`", "");
    }

    /** Without the fenced blocks; what is indented stays. */
    static String withoutBlocks(Path document) {
        return BLOCK.matcher(read(document)).replaceAll("");
    }

    /** The fenced blocks of a language. */
    static List<String> blocks(Path document, String language) {
        return BLOCK.matcher(read(document))
                .results()
                .filter(block -> block.group(1).equals(language))
                .map((MatchResult block) -> block.group(2))
                .toList();
    }

    /** Of its headings, as GitHub makes them. */
    static List<String> anchors(Path document) {
        return HEADING.matcher(read(document))
                .results()
                .map(heading -> heading.group(1)
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w\\- ]", "")
                        .replace(' ', '-'))
                .toList();
    }

    static String read(Path document) {
        try {
            return Files.readString(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
