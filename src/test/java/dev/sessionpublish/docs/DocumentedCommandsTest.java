package dev.sessionpublish.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The commands in the documents can be run as they are written, in the order in which they are written. */
class DocumentedCommandsTest {
    private static final Pattern BLOCK = Pattern.compile("(?m)(?:^ {4,}\\S[^\n]*\n)+");
    /** Of no namespace, of all, or of the one that a file names. */
    private static final Pattern WITHOUT_NAMESPACE =
            Pattern.compile("kubectl (?:auth|explain|version|api-resources|(?:create|delete|get) (?:namespace|crd)s?\\b"
                    + "|(?:apply|delete) -f)");

    private static final Pattern NAMESPACE = Pattern.compile(" (?:-n|--namespace) [\\w{]| -A\\b| --all-namespaces\\b");
    private static final Pattern STARTS =
            Pattern.compile("kubectl [^|]*(?:annotate [^|]*retry-at=|patch (?:spub|sessionpublish)\\b[^|]*\"spec\")");
    private static final Pattern NEW_RUN =
            Pattern.compile("wait --for=jsonpath='\\{\\.status\\.observed(?:RetryAt|Generation)}'=\"\\$\\w+\"");
    private static final Pattern OUTCOME =
            Pattern.compile("wait --for=(?:jsonpath='\\{\\.status\\.finishedAt}'|condition)");

    /** @param lines of one block, each a whole command */
    private record Block(String document, List<String> lines) {}

    @Test
    void everyCommandNamesItsNamespace() throws IOException {
        List<String> commands = blocks().flatMap(block -> block.lines().stream())
                .map(line -> line.replaceFirst("^\\$ ", ""))
                .flatMap(line -> Stream.of(line.split(" \\| ")))
                .filter(line -> line.startsWith("kubectl "))
                .toList();

        assertThat(commands).hasSizeGreaterThan(60);
        assertThat(commands.stream()
                        .filter(line -> !NAMESPACE.matcher(line).find())
                        .filter(line -> !WITHOUT_NAMESPACE.matcher(line).lookingAt()))
                .isEmpty();
    }

    /** Until the operator has seen what started the publish again, the status is that of the run before. */
    @Test
    void whoStartsAPublishAgainWaitsForTheNewRunFirst() throws IOException {
        List<Block> starting = blocks().filter(block -> block.lines().stream()
                        .anyMatch(line -> STARTS.matcher(line).find()))
                .filter(block -> block.lines().stream()
                        .anyMatch(line -> OUTCOME.matcher(line).find()))
                .toList();

        assertThat(starting).hasSizeGreaterThan(3).allSatisfy(block -> {
            int start = first(block, STARTS);
            int seen = first(block, NEW_RUN);
            assertThat(seen).as(block.toString()).isGreaterThan(start);
            assertThat(first(block, OUTCOME)).as(block.toString()).isGreaterThan(seen);
        });
    }

    private static int first(Block block, Pattern pattern) {
        List<String> lines = block.lines();
        return Stream.iterate(0, i -> i < lines.size(), i -> i + 1)
                .filter(i -> pattern.matcher(lines.get(i)).find())
                .findFirst()
                .orElse(-1);
    }

    private static Stream<Block> blocks() throws IOException {
        return Documents.all().stream().flatMap(document -> BLOCK.matcher(Documents.withoutBlocks(document))
                .results()
                .map(block -> new Block(document.toString(), whole(block.group()))));
    }

    /** Lines that end in a backslash or a pipe are continued in the next one. */
    private static List<String> whole(String block) {
        List<String> lines = new ArrayList<>();
        String begun = "";
        for (String line : block.lines().map(String::strip).toList()) {
            String joined = begun + line.replaceFirst("\\\\$", "");
            begun = line.endsWith("\\") || line.endsWith("|") ? joined + " " : "";
            if (begun.isEmpty()) {
                lines.add(joined);
            }
        }
        return lines;
    }
}
