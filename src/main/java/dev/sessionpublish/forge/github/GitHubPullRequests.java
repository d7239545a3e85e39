package dev.sessionpublish.forge.github;

import dev.sessionpublish.forge.Forge.Description;
import dev.sessionpublish.forge.Forge.PullRequest;
import dev.sessionpublish.forge.Forge.State;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.outcome.SafeText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.kohsuke.github.GHDirection;
import org.kohsuke.github.GHIssueState;
import org.kohsuke.github.GHPullRequest;
import org.kohsuke.github.GHPullRequestQueryBuilder;
import org.kohsuke.github.GHRepository;

/**
 * Reads the pull requests of a repository from the library's objects.
 *
 * @param url the repository's URL, which names the host of the web pages
 */
record GitHubPullRequests(RepositoryUrl url) {
    private static final int NEWEST = 100;
    private static final int LONGEST_PAGE_URL = 1024;

    /** The newest pull requests, in every state, whose head is a branch of the repository itself. */
    List<PullRequest> ofHead(GHRepository repository, String branch) throws IOException {
        List<PullRequest> found = new ArrayList<>();
        for (GHPullRequest each : newest(repository, branch)) {
            if (each.getHead().getRef().equals(branch) && isOf(repository, each)) {
                found.add(read(each, repository.getFullName()));
            }
        }
        return List.copyOf(found);
    }

    /** Takes one request if the pull request is open and {@code from} was part of a list. */
    PullRequest read(GHPullRequest from, String canonical) throws IOException {
        return read(from, canonical, from.getState() == GHIssueState.OPEN && from.isDraft());
    }

    /** @param canonical the repository's current {@code OWNER/NAME} */
    PullRequest read(GHPullRequest from, String canonical, boolean draft) throws IOException {
        String head = Objects.requireNonNull(from.getHead().getSha(), "no head commit");
        if (from.getNumber() <= 0 || !ObjectId.isValid(head)) {
            throw new IOException("no number or head commit");
        }
        String page = String.valueOf(from.getHtmlUrl());
        boolean sameHost = page.startsWith("https://" + url.authority() + "/")
                && page.equals(SafeText.line(page, LONGEST_PAGE_URL));
        return new PullRequest(
                from.getNumber(),
                sameHost ? page : "https://" + url.authority() + "/" + canonical + "/pull/" + from.getNumber(),
                state(from),
                draft,
                from.getHead().getRef(),
                from.getBase().getRef(),
                head,
                new Description(
                        from.getUser() == null ? "" : from.getUser().getLogin(),
                        Objects.requireNonNullElse(from.getBody(), "")));
    }

    private static List<GHPullRequest> newest(GHRepository repository, String branch) {
        return repository
                .queryPullRequests()
                .head(repository.getOwnerName() + ":" + branch)
                .state(GHIssueState.ALL)
                .sort(GHPullRequestQueryBuilder.Sort.CREATED)
                .direction(GHDirection.DESC)
                .list()
                .withPageSize(NEWEST)
                .iterator()
                .nextPage();
    }

    private static boolean isOf(GHRepository repository, GHPullRequest each) {
        GHRepository of = each.getHead().getRepository();
        return of != null && repository.getFullName().equalsIgnoreCase(of.getFullName());
    }

    private static State state(GHPullRequest from) {
        if (from.getState() == GHIssueState.OPEN) {
            return State.OPEN;
        }
        return from.getMergedAt() == null ? State.CLOSED : State.MERGED;
    }
}
