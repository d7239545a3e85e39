package dev.sessionpublish.process;

import java.util.Optional;

/**
 * The answer to a command line that doesn't start the operator. The operator takes no arguments: {@code --help},
 * {@code -h} and {@code --version} are answered, and anything else is refused, so that a misspelled or misplaced setting
 * never starts an operator without it.
 *
 * @param text ends with a line break; for standard output, or for standard error if {@code exitCode} isn't 0
 */
record CommandLine(String text, int exitCode) {
    private static final String USAGE = """
            Session Publish Operator VERSION

            Publishes the work of coding-agent sessions: for each SessionPublish of a Kubernetes cluster, it pushes the
            commits of a sandbox to a branch and opens a pull request.

            Usage: java -jar session-publish-operator.jar [--help | --version]

              (none)       Run the operator until SIGTERM or SIGINT.
              -h, --help   Print this text.
              --version    Print the version.

            Environment variables configure the operator. Those that begin with SESSION_PUBLISH_ are listed in
            docs/settings.md. KUBECONFIG is the path of a kubeconfig file of the cluster; without one, the operator uses
            the service account of its pod.

            The exit code is 0 after SIGTERM or SIGINT, 2 if a setting or an argument is invalid, and 1 if the operator
            fails. The log is written to standard output.
            """;

    /** Empty if the operator is to start. */
    static Optional<CommandLine> answer(String... arguments) {
        return switch (String.join(" ", arguments)) {
            case "" -> arguments.length == 0 ? Optional.empty() : Optional.of(refusal("\"\""));
            case "-h", "--help" -> Optional.of(new CommandLine(USAGE.replace("VERSION", version()), 0));
            case "--version" -> Optional.of(new CommandLine(version() + "\n", 0));
            default -> Optional.of(refusal(String.join(" ", arguments)));
        };
    }

    /** Prints the text and exits. Does not return. */
    void exit() {
        (exitCode == 0 ? System.out : System.err).print(text);
        System.exit(exitCode);
    }

    /** The operator's version, as the jar's manifest has it. */
    static String version() {
        return Optional.ofNullable(CommandLine.class.getPackage().getImplementationVersion())
                .orElse("(not packaged)");
    }

    private static CommandLine refusal(String arguments) {
        return new CommandLine(
                "Unknown arguments: " + arguments + "\nThe operator takes none: environment variables"
                        + " configure it. --help prints the usage.\n",
                ExitCode.BAD_SETTINGS);
    }
}
