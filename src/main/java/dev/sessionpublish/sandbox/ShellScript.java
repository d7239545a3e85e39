package dev.sessionpublish.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A POSIX sh script and its arguments. While it runs, the variable {@code script} holds its own text.
 *
 * @param text whole lines of ASCII, none of which is a lone {@code .}
 */
public record ShellScript(String text, List<String> arguments) {
    private static final String END = ".";

    /** An exec that is cut before the end of the script must not run a part of it. */
    private static final String READ = """
            script=
            while IFS= read -r line || exit 4; do
              if [ "$line" = . ]; then
                break
              fi
              script="$script$line
            "
            done
            eval "$script\"""";

    public ShellScript {
        arguments = List.copyOf(arguments);
        if (!text.endsWith("\n")
                || text.lines().anyMatch(END::equals)
                || text.chars().anyMatch(each -> each > '~' || each < ' ' && each != '\n' && each != '\t')) {
            throw new IllegalArgumentException("a script is whole lines of ASCII, none of which is a lone \".\"");
        }
    }

    /** The text of a script of this package. */
    static String resource(String name) {
        try (InputStream in = ShellScript.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command that has the script among its arguments. */
    List<String> asArgument() {
        return command("script=$1; shift; eval \"$script\"", List.of(text));
    }

    /** The command that reads the script from stdin, where {@link #input} must come first. */
    List<String> onStdin() {
        return command(READ, List.of());
    }

    /** What is sent to the command that reads the script. */
    String input() {
        return text + END + "\n";
    }

    private List<String> command(String program, List<String> first) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", program, "sh"));
        command.addAll(first);
        command.addAll(arguments);
        return command;
    }
}
