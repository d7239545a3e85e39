package dev.sessionpublish.forge.github;

import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.ForgeConnector;
import dev.sessionpublish.forge.github.GitHubRefusals.Asked;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.kohsuke.github.GHDirection;
import org.kohsuke.github.GHIssueState;
import org.kohsuke.github.GHPullRequest;
import org.kohsuke.github.GHPullRequestQueryBuilder;
import org.kohsuke.github.GHRepository;
import org.kohsuke.github.GitHub;
import org.kohsuke.github.GitHubAbuseLimitHandler;
import org.kohsuke.github.GitHubBuilder;
import org.kohsuke.github.GitHubRateLimitHandler;
import org.kohsuke.github.authorization.ImmutableAuthorizationProvider;
import org.kohsuke.github.connector.GitHubConnectorRequest;

/**
 * A repository of GitHub or GitHub Enterprise by its REST API. Every method is one request, and these more: one for
 * each open pull request that {@link #pullRequestsOf} finds (lists don't make the library tell drafts), one for each
 * kind of labels, reviewers and assignees, and two where the repository has been renamed and {@link #repository} was
 * not asked before. Nothing is repeated after a failure. Used by one thread.
 */
public final class GitHubForge implements Forge {
    private static final int NEWEST = 100;
    private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}/)[\\w.-]+/(?!\\.{1,2}$)[\\w.-]+");

    private final RepositoryUrl url;
    private final GitHubTransport transport;
    private final GitHubRefusals refusals;
    private final GitHub github;
    private final References references;
    private String canonical;
    private RateLimit rateLimit = RateLimit.UNKNOWN;

    /** Opens the repositories of GitHub hosts. */
    public static ForgeConnector connector(Clock clock) {
        return (host, api) -> {
            GitHubTransport transport = new GitHubTransport(api);
            return (repository, token) -> new GitHubForge(host.apiUrl(), repository, token, transport, clock);
        };
    }

    /**
     * @param api the root of the REST API: {@code https://api.github.com}, {@code https://HOST/api/v3}
     * @param token goes into the Authorization header and nowhere else
     */
    public GitHubForge(URI api, RepositoryUrl repository, Token token, GitHubTransport transport, Clock clock) {
        this.url = repository;
        this.transport = transport;
        this.refusals = new GitHubRefusals(repository, token.redactor(), clock);
        this.canonical = repository.owner() + "/" + repository.name();
        try {
            this.github = new GitHubBuilder()
                    .withEndpoint(api.toString())
                    .withAuthorizationProvider(new ImmutableAuthorizationProvider("Bearer " + token.value()))
                    .withConnector(this::send)
                    .withRateLimitHandler(GitHubRateLimitHandler.FAIL)
                    .withAbuseLimitHandler(GitHubAbuseLimitHandler.FAIL)
                    .build();
        } catch (IOException e) {
            throw new IllegalStateException("the library asked the forge before it was told to", e);
        }
        this.references = new References(github);
    }

    @Override
    public Repository repository() throws RefusedException {
        try {
            GHRepository found = github.getRepository(url.owner() + "/" + url.name());
            if (found.getFullName() == null
                    || !NAME.matcher(found.getFullName()).matches()) {
                throw new IOException("no full name");
            }
            canonical = found.getFullName();
            return new Repository(
                    canonical,
                    Objects.requireNonNull(found.getDefaultBranch(), "no default branch"),
                    found.isArchived(),
                    found.hasPushAccess(),
                    rateLimit);
        } catch (IOException | RuntimeException e) {
            throw refusals.of(e, Asked.READING);
        }
    }

    @Override
    public List<PullRequest> pullRequestsOf(String headBranch) throws RefusedException {
        try {
            return ofCanonical(repository -> {
                List<PullRequest> found = new ArrayList<>();
                for (GHPullRequest each : newest(repository, headBranch)) {
                    if (each.getHead().getRef().equals(headBranch) && isFromHere(each)) {
                        found.add(pullRequest(each, each.getState() == GHIssueState.OPEN && each.isDraft()));
                    }
                }
                return List.copyOf(found);
            });
        } catch (IOException | RuntimeException e) {
            throw refusals.of(e, Asked.READING);
        }
    }

    @Override
    public Opened open(NewPullRequest request) throws RefusedException, PullRequestExistsException {
        try {
            GHPullRequest created = ofCanonical(repository -> repository.createPullRequest(
                    request.title(),
                    request.headBranch(),
                    request.baseBranch(),
                    request.body(),
                    true,
                    request.draft()));
            PullRequest opened = pullRequest(created, request.draft());
            return new Opened(opened, new GitHubAdditions(created, references, refusals).add(request));
        } catch (IOException | RuntimeException e) {
            if (GitHubRefusals.answerIn(e).filter(GitHubRefusals::alreadyExists).isPresent()) {
                throw new PullRequestExistsException("A pull request of these two branches is open already.");
            }
            throw refusals.of(e, Asked.OPENING);
        }
    }

    @Override
    public List<String> complete(int number, NewPullRequest request) throws RefusedException {
        try {
            GHPullRequest found = ofCanonical(repository -> repository.getPullRequest(number));
            return new GitHubAdditions(found, references, refusals).add(request);
        } catch (IOException | RuntimeException e) {
            throw refusals.of(e, Asked.READING_PULL_REQUEST);
        }
    }

    @Override
    public PullRequest pullRequest(int number) throws RefusedException {
        try {
            GHPullRequest found = ofCanonical(repository -> repository.getPullRequest(number));
            return pullRequest(found, found.getState() == GHIssueState.OPEN && found.isDraft());
        } catch (IOException | RuntimeException e) {
            throw refusals.of(e, Asked.READING_PULL_REQUEST);
        }
    }

    @Override
    public void close(int number) throws RefusedException {
        try {
            ofCanonical(repository -> {
                references.pullRequest(repository.getFullName(), number).close();
                return number;
            });
        } catch (IOException | RuntimeException e) {
            throw refusals.of(e, Asked.CLOSING);
        }
    }

    private List<GHPullRequest> newest(GHRepository repository, String headBranch) {
        return repository
                .queryPullRequests()
                .head(repository.getOwnerName() + ":" + headBranch)
                .state(GHIssueState.ALL)
                .sort(GHPullRequestQueryBuilder.Sort.CREATED)
                .direction(GHDirection.DESC)
                .list()
                .withPageSize(NEWEST)
                .iterator()
                .nextPage();
    }

    private boolean isFromHere(GHPullRequest each) {
        GHRepository of = each.getHead().getRepository();
        return of != null && canonical.equalsIgnoreCase(of.getFullName());
    }

    private PullRequest pullRequest(GHPullRequest from, boolean draft) throws IOException {
        String head = Objects.requireNonNull(from.getHead().getSha(), "no head commit");
        if (from.getNumber() <= 0 || !ObjectId.isValid(head)) {
            throw new IOException("no number or head commit");
        }
        String page = String.valueOf(from.getHtmlUrl());
        boolean ours = page.startsWith("https://" + url.authority() + "/") && page.equals(SafeText.line(page, 1024));
        return new PullRequest(
                from.getNumber(),
                ours ? page : "https://" + url.authority() + "/" + canonical + "/pull/" + from.getNumber(),
                state(from),
                draft,
                from.getHead().getRef(),
                from.getBase().getRef(),
                head);
    }

    private static State state(GHPullRequest from) {
        if (from.getState() == GHIssueState.OPEN) {
            return State.OPEN;
        }
        return from.getMergedAt() == null ? State.CLOSED : State.MERGED;
    }

    private interface Call<T> {
        T of(GHRepository repository) throws IOException;
    }

    /** A renamed repository answers all but GETs of itself with a redirect: its name is asked, and it is tried again. */
    private <T> T ofCanonical(Call<T> call) throws IOException, RefusedException {
        try {
            return call.of(references.repository(canonical));
        } catch (IOException | RuntimeException e) {
            if (GitHubRefusals.answerIn(e).filter(Answer::isRedirect).isEmpty()) {
                throw e;
            }
            repository();
            return call.of(references.repository(canonical));
        }
    }

    private GitHubTransport.Answered send(GitHubConnectorRequest request) throws IOException {
        try {
            GitHubTransport.Answered answered = transport.send(request);
            note(answered.answer());
            return answered;
        } catch (Unwelcome e) {
            note(e.answer());
            throw e;
        }
    }

    /** An answer that tells nothing of it, as those of a gateway before the forge, leaves what was told before. */
    private void note(Answer answer) {
        Optional<Long> remaining = answer.number("X-RateLimit-Remaining");
        Optional<Long> limit = answer.number("X-RateLimit-Limit");
        Optional<Long> reset = answer.number("X-RateLimit-Reset");
        if (remaining.isPresent() && limit.isPresent() && reset.isPresent()) {
            rateLimit = new RateLimit(
                    (int) Math.min(remaining.get(), Integer.MAX_VALUE),
                    (int) Math.min(limit.get(), Integer.MAX_VALUE),
                    reset.get());
        }
    }

    @Override
    public RateLimit rateLimit() {
        return rateLimit;
    }
}
