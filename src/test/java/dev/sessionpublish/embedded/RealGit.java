package dev.sessionpublish.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The git of this machine, run in one directory with an environment of ours alone: no user's and no system's settings,
 * no prompt, no locale, fixed names and dates unless told otherwise, so that the same steps make the same ids.
 */
public record RealGit(Path directory, Map<String, String> environment) {
    private static final Map<String, String> CLEAN = Map.ofEntries(
            Map.entry("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin")),
            Map.entry("HOME", "/nonexistent"),
            Map.entry("LC_ALL", "C"),
            Map.entry("TZ", "UTC"),
            Map.entry("GIT_CONFIG_GLOBAL", "/dev/null"),
            Map.entry("GIT_CONFIG_NOSYSTEM", "1"),
            Map.entry("GIT_TERMINAL_PROMPT", "0"),
            Map.entry("GIT_EDITOR", "true"),
            Map.entry("GIT_AUTHOR_NAME", "An Agent"),
            Map.entry("GIT_AUTHOR_EMAIL", "agent@example.com"),
            Map.entry("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z"),
            Map.entry("GIT_COMMITTER_NAME", "An Agent"),
            Map.entry("GIT_COMMITTER_EMAIL", "agent@example.com"),
            Map.entry("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z"));

    /** What a run ended with; {@code out} and {@code err} as UTF-8. */
    public record Result(int exit, String out, String err) {}

    public RealGit {
        environment = Map.copyOf(environment);
    }

    public static RealGit in(Path directory) {
        return new RealGit(directory, CLEAN);
    }

    /** The path of the program. */
    public static Path program() {
        return Stream.of(CLEAN.get("PATH").split(":"))
                .map(each -> Path.of(each, "git"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    /** The same with one variable more, or another value of it. */
    public RealGit with(String variable, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(variable, value);
        return new RealGit(directory, more);
    }

    /**
     * @return what it printed, without the last line's end
     * @throws IllegalStateException when it fails, with what it said
     */
    public String run(String... arguments) {
        return runWith(new byte[0], arguments);
    }

    /** As {@link #run}, with bytes on its standard input. */
    public String runWith(byte[] input, String... arguments) {
        Result result = attemptWith(input, arguments);
        if (result.exit() != 0) {
            throw new IllegalStateException(
                    "git " + String.join(" ", arguments) + " ended with " + result.exit() + ": " + result.err());
        }
        return result.out().stripTrailing();
    }

    /** As {@link #run}, whatever the end. */
    public Result attempt(String... arguments) {
        return attemptWith(new byte[0], arguments);
    }

    private Result attemptWith(byte[] input, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
            CompletableFuture<Void> in = CompletableFuture.runAsync(() -> feed(process, input));
            String out = text(process.getInputStream());
            in.join();
            return new Result(process.waitFor(), out, err.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while git ran", e);
        }
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void feed(Process process, byte[] input) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input);
        } catch (IOException e) {
            // It didn't want its input; its exit code says why.
        }
    }
}
