package dev.sessionpublish.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A git server and GitHub's API over the same bare repositories, and the forges file that names them. */
public final class ForgeStandIns implements AutoCloseable {
    private final Path forges;
    private final GitServer git;
    private final GitHubStandIn gitHub;

    private ForgeStandIns(TestCa ca, Path directory) throws IOException {
        git = GitServer.start(ca, directory.resolve("git"));
        gitHub = GitHubStandIn.start(ca, git.root(), "https://localhost:" + git.port());
        gitHub.apps().serveGit(git.access());
        forges = Files.writeString(directory.resolve("forges.yaml"), """
                - host: localhost:%d
                  kind: GitHub
                  apiUrl: %s
                  caBundle: %s
                """.formatted(
                        git.port(), gitHub.apiUrl(), ca.caPem().toAbsolutePath()));
    }

    /** @param directory for the repositories and the forges file */
    public static ForgeStandIns start(TestCa ca, Path directory) throws IOException {
        return new ForgeStandIns(ca, directory);
    }

    public GitServer git() {
        return git;
    }

    public GitHubStandIn gitHub() {
        return gitHub;
    }

    /**
     * What the operator's process gets: the forges file, quick retries, one free port. Pull requests are not followed while a
     * test runs, so that it decides alone when the operator reads them.
     */
    public Map<String, String> environment(Path kubeconfig, Duration forgeTimeout) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("KUBECONFIG", kubeconfig.toString());
        environment.put("SESSION_PUBLISH_FORGES", forges.toString());
        environment.put("SESSION_PUBLISH_PROBE_PORT", "0");
        environment.put("SESSION_PUBLISH_METRICS_PORT", "0");
        environment.put("SESSION_PUBLISH_RETRY_INITIAL", "PT1S");
        environment.put("SESSION_PUBLISH_RETRY_MAX", "PT2S");
        environment.put("SESSION_PUBLISH_FORGE_TIMEOUT", forgeTimeout.toString());
        environment.putAll(follow(Duration.ofHours(1)));
        return environment;
    }

    /** The settings with which every pull request is read once in each interval. */
    public static Map<String, String> follow(Duration interval) {
        return Map.of(
                "SESSION_PUBLISH_FOLLOW_HOT", interval.toString(),
                "SESSION_PUBLISH_FOLLOW_WARM", interval.toString(),
                "SESSION_PUBLISH_FOLLOW_COOL", interval.toString(),
                "SESSION_PUBLISH_FOLLOW_COLD", interval.toString());
    }

    @Override
    public void close() throws IOException {
        gitHub.close();
        git.close();
    }
}
