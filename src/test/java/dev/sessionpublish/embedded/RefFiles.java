package dev.sessionpublish.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads refs of a bare repository from its files (gitrepository-layout(5)), without starting git: a stand-in that starts
 * a process for each open pull request would be what a measurement measures.
 */
final class RefFiles {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    private RefFiles() {}

    /** What a branch points at; empty when it isn't there. */
    static Optional<String> tip(Path bare, String branch) {
        String ref = "refs/heads/" + branch;
        return text(bare, ref)
                .map(String::strip)
                .filter(id -> ID.matcher(id).matches())
                .or(() -> text(bare, "packed-refs").stream()
                        .flatMap(String::lines)
                        .filter(line -> line.endsWith(" " + ref))
                        .map(line -> line.substring(0, line.indexOf(' ')))
                        .findFirst());
    }

    /** The branch that HEAD names. */
    static Optional<String> head(Path bare) {
        return text(bare, "HEAD").map(String::strip).flatMap(head -> Stream.of(head)
                .filter(each -> each.startsWith("ref: refs/heads/"))
                .map(each -> each.substring("ref: refs/heads/".length()))
                .findFirst());
    }

    private static Optional<String> text(Path bare, String file) {
        try {
            Path path = bare.resolve(file);
            return Files.isRegularFile(path) ? Optional.of(Files.readString(path)) : Optional.empty();
        } catch (NoSuchFileException | InvalidPathException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
