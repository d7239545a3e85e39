package dev.sessionpublish.forge.github;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import org.kohsuke.github.GHEventPayload;
import org.kohsuke.github.GHPullRequest;
import org.kohsuke.github.GHRepository;
import org.kohsuke.github.GHTeam;
import org.kohsuke.github.GHUser;
import org.kohsuke.github.GitHub;

/**
 * Creates the library's objects for a repository, its pull requests, users and teams without fetching them. The library
 * only creates such objects from the payload of a webhook, so this class builds a payload.
 */
final class UnfetchedObjects {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final GitHub github;

    UnfetchedObjects(GitHub github) {
        this.github = github;
    }

    /** @param canonical {@code OWNER/NAME} */
    GHRepository repository(String canonical) {
        return payload(Map.of("repository", repositoryOf(canonical), "pull_request", Map.of()))
                .getRepository();
    }

    private static Map<String, Object> repositoryOf(String canonical) {
        int slash = canonical.indexOf('/');
        Map<String, Object> owner = Map.of("login", canonical.substring(0, slash));
        return Map.of("full_name", canonical, "name", canonical.substring(slash + 1), "owner", owner);
    }

    GHPullRequest pullRequest(String canonical, int number) {
        return payload(Map.of("repository", repositoryOf(canonical), "pull_request", Map.of("number", number)))
                .getPullRequest();
    }

    List<GHUser> users(List<String> logins) throws IOException {
        return pullRequestWith("requested_reviewers", "login", logins).getRequestedReviewers();
    }

    List<GHTeam> teams(List<String> slugs) throws IOException {
        return pullRequestWith("requested_teams", "slug", slugs).getRequestedTeams();
    }

    private GHPullRequest pullRequestWith(String list, String key, List<String> names) {
        List<Map<String, String>> entries =
                names.stream().map(name -> Map.of(key, name)).toList();
        return payload(Map.of("pull_request", Map.of(list, entries))).getPullRequest();
    }

    private GHEventPayload.PullRequest payload(Map<String, Object> content) {
        try {
            return github.parseEventPayload(
                    new StringReader(JSON.writeValueAsString(content)), GHEventPayload.PullRequest.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the library can't parse its own format", e);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }
}
