package dev.sessionpublish.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The documents' links lead somewhere, and what they quote is what the files say. */
class DocumentsTest {
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    /** A name in backquotes or as an argument, of a class of tests or of our classes that a document explains. */
    private static final Pattern CLASS = Pattern.compile(
            "(?:`(?:\\w+/)*|[tT]est=)([A-Z][a-z]\\w*[a-z](?:Test|IT|Rules|Steps|Plan|Runner|Cache|Schedule|Refusal))\\b");

    @ParameterizedTest
    @MethodSource("links")
    void everyRelativeLinkLeadsSomewhere(Path document, String target) throws IOException {
        String file = target.replaceFirst("#.*", "");
        Path linked = file.isEmpty() ? document : document.resolveSibling(file);

        assertThat(linked).exists();
        if (target.contains("#")) {
            assertThat(Documents.anchors(linked)).contains(target.replaceFirst(".*#", ""));
        }
    }

    @Test
    void everyClassThatADocumentNamesExists() throws IOException {
        Set<String> classes;
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            classes = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.replace(".java", ""))
                    .collect(Collectors.toSet());
        }
        Set<String> named = Documents.all().stream()
                .flatMap(document -> CLASS.matcher(Documents.read(document)).results())
                .map(name -> name.group(1))
                .filter(name -> !name.equals("NameTest") && !name.equals("NameIT"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(named).hasSizeGreaterThan(10);
        assertThat(classes).containsAll(named);
    }

    @ParameterizedTest
    @MethodSource("quickstartFiles")
    void theQuickstartQuotesItsFilesAsTheyAre(Path file) throws IOException {
        assertThat(Files.readString(Path.of("docs", "quickstart.md")))
                .contains("(quickstart/" + file.getFileName() + ")")
                .contains("```yaml\n" + Files.readString(file) + "```");
    }

    static Stream<Arguments> links() throws IOException {
        return Documents.all().stream().flatMap(document -> LINK.matcher(Documents.prose(document))
                .results()
                .map(link -> link.group(1))
                .filter(target -> !target.contains("://"))
                .map(target -> Arguments.of(document, target)));
    }

    static List<Path> quickstartFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("docs", "quickstart"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }
}
