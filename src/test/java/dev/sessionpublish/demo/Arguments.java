package dev.sessionpublish.demo;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What was asked for on the command line.
 *
 * @param keep to leave all running until Ctrl-C
 * @param onGitea to publish to a Gitea that is there instead of the stand-in for GitHub
 */
record Arguments(boolean keep, boolean onGitea) {
    static final String USAGE = """
            The arguments are:
              --keep           leaves all running until Ctrl-C
              --forge gitea    publishes to a running Gitea or Forgejo, named by the environment variables
                               FORGE_URL, FORGE_API, FORGE_CA and FORGE_TOKEN; without it, to a stand-in""";

    /** Empty for what isn't understood. */
    static Optional<Arguments> parse(List<String> words) {
        boolean keep = false;
        boolean onGitea = false;
        for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
            switch (rest.next()) {
                case "--keep" -> keep = true;
                case "--forge" -> {
                    String forge = rest.hasNext() ? rest.next().toLowerCase(Locale.ROOT) : "";
                    if (!forge.equals("gitea")) {
                        return Optional.empty();
                    }
                    onGitea = true;
                }
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(new Arguments(keep, onGitea));
    }
}
