package dev.sessionpublish.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** One run of checkout.sh on this machine, as the operator talks to it. */
final class ScriptRun implements AutoCloseable {
    /** An advertised tip of the base that no checkout has. */
    static final String ELSEWHERE = "0".repeat(39) + "1";

    final Process process;
    final InputStream out;
    private final Path errors;

    /** @param shell words of a command that runs a shell, whose first after {@code env} and variables must exist */
    ScriptRun(String shell, ShellScript script, Function<ShellScript, List<String>> form, Path errors)
            throws IOException {
        this.errors = errors;
        List<String> command = new ArrayList<>(List.of(shell.split(" ")));
        String program = command.stream()
                .filter(word -> !word.equals("env") && !word.contains("="))
                .findFirst()
                .orElseThrow();
        assumeThat(Stream.of(System.getenv("PATH").split(":")).map(each -> Path.of(each, program)))
                .as(shell)
                .anyMatch(Files::isExecutable);
        List<String> withShell = form.apply(script);
        command.addAll(withShell.subList(1, withShell.size()));
        process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        out = process.getInputStream();
    }

    void say(String text) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write(text.getBytes(UTF_8));
        in.flush();
    }

    String errors() throws IOException {
        return Files.readString(errors);
    }

    /** The header when this is the base's tip at the forge. */
    Checkout describe(String baseTip) throws IOException {
        return describe(baseTip, "");
    }

    /** @param more lines of the request */
    Checkout describe(String baseTip, String more) throws IOException {
        CheckoutHeader header = header(baseTip, more);
        assertThat(header.refusal()).as(errors()).isEmpty();
        return header.checkout();
    }

    /** The code with which the script refuses. */
    String refusal() throws IOException {
        return header(ELSEWHERE, "").refusal().orElse("none");
    }

    private CheckoutHeader header(String baseTip, String more) throws IOException {
        say("base-id " + baseTip + "\nbase main\n" + more + ".\n");
        return HeaderBytes.read(out);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
