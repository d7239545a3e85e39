package dev.sessionpublish.forge.github;

import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.ForgeConnector;
import dev.sessionpublish.forge.PullRequestEdit;
import dev.sessionpublish.forge.PullRequestRef;
import dev.sessionpublish.forge.Snapshots;
import dev.sessionpublish.forge.github.GitHubRefusals.Operation;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.http.Credential;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.kohsuke.github.GHCompare;
import org.kohsuke.github.GHPullRequest;
import org.kohsuke.github.GHRepository;
import org.kohsuke.github.GitHub;

/**
 * A repository of GitHub or GitHub Enterprise, accessed by its REST API. Every method sends one request, and more in
 * these cases: one for each open pull request that {@link #pullRequestsOf} finds (the library does not read the draft
 * flag from lists), one for each kind of labels, reviewers and assignees, and two if the repository has been renamed
 * and {@link #repository} was not called before. Failed requests are not repeated. Not thread-safe.
 */
public final class GitHubForge implements Forge {
    private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}/)[\\w.-]+/(?!\\.{1,2}$)[\\w.-]+");

    private final RepositoryUrl url;
    private final GitHubRequests requests;
    private final DirectRequests direct;
    private final Credential credential;
    private final GitHubRefusals refusals;
    private final GitHub github;
    private final GitHubPullRequests pulls;
    private final UnfetchedObjects unfetched;
    private final GitHubSnapshots snapshots;
    private String canonical;

    /** Creates the forges of GitHub hosts. */
    public static ForgeConnector connector(Clock clock) {
        return (host, api) -> new GitHubOpener(api, clock);
    }

    /**
     * @param api the root of the REST API, such as {@code https://api.github.com} or {@code https://HOST/api/v3}
     * @param credential its token is sent only in the Authorization header
     */
    public GitHubForge(
            URI api, RepositoryUrl repository, Credential credential, GitHubTransport transport, Clock clock) {
        this.url = repository;
        this.requests = new GitHubRequests(transport, credential);
        this.direct = new DirectRequests(api, requests);
        this.credential = credential;
        this.pulls = new GitHubPullRequests(repository);
        this.refusals = new GitHubRefusals(repository, credential.redactor(), clock);
        this.canonical = repository.owner() + "/" + repository.name();
        this.github = requests.library(api);
        this.unfetched = new UnfetchedObjects(github);
        this.snapshots = new GitHubSnapshots(direct, refusals);
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
                    condition(found),
                    found.hasPushAccess(),
                    true,
                    requests.rateLimit());
        } catch (IOException | RuntimeException e) {
            throw refusals.of(e, Operation.READING);
        }
    }

    private static Condition condition(GHRepository found) {
        if (found.isArchived()) {
            return Condition.ARCHIVED;
        }
        return found.isDisabled() ? Condition.DISABLED : Condition.ACTIVE;
    }

    @Override
    public List<PullRequest> pullRequestsOf(String headBranch) throws RefusedException {
        try {
            return ofCanonical(repository -> pulls.ofHead(repository, headBranch));
        } catch (IOException | RuntimeException e) {
            throw refusals.of(e, Operation.READING);
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
            PullRequest opened = pulls.read(created, canonical, request.draft());
            return new Opened(opened, additions(created).add(request));
        } catch (IOException | RuntimeException e) {
            if (GitHubRefusals.answerIn(e).filter(GitHubRefusals::alreadyExists).isPresent()) {
                throw new PullRequestExistsException("Head and base already have an open pull request.");
            }
            throw refusals.of(e, Operation.OPENING);
        }
    }

    @Override
    public List<String> complete(int number, NewPullRequest request) throws RefusedException {
        try {
            GHPullRequest found = ofCanonical(repository -> repository.getPullRequest(number));
            return additions(found).add(request);
        } catch (IOException | RuntimeException e) {
            throw refusals.of(e, Operation.READING_PULL_REQUEST);
        }
    }

    @Override
    public PullRequest pullRequest(int number) throws RefusedException {
        try {
            GHPullRequest found = ofCanonical(repository -> repository.getPullRequest(number));
            return pulls.read(found, canonical);
        } catch (IOException | RuntimeException e) {
            throw refusals.of(e, Operation.READING_PULL_REQUEST);
        }
    }

    @Override
    public Optional<String> identity() throws RefusedException {
        try {
            Optional<String> known = credential.login();
            return known.isPresent() ? known : Optional.of(github.getMyself().getLogin());
        } catch (IOException | RuntimeException e) {
            RefusedException refused = refusals.of(e, Operation.READING);
            if (refused.reason() == SharedReason.FORBIDDEN || refused.reason() == SharedReason.NOT_FOUND) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    @Override
    public boolean contains(String descendant, String commit) throws RefusedException {
        try {
            GHCompare.Status status = ofCanonical(
                    repository -> repository.getCompare(descendant, commit).getStatus());
            return status == GHCompare.Status.identical || status == GHCompare.Status.behind;
        } catch (IOException | RuntimeException e) {
            if (GitHubRefusals.answerIn(e)
                    .filter(answer -> answer.status() == 404)
                    .isPresent()) {
                return false;
            }
            throw refusals.of(e, Operation.READING);
        }
    }

    @Override
    public Optional<String> closedBy(int number) throws RefusedException {
        try {
            return ofCanonical(repository -> direct.closedBy(canonical, number));
        } catch (IOException | RuntimeException e) {
            throw refusals.of(e, Operation.READING_PULL_REQUEST);
        }
    }

    @Override
    public void close(int number) throws RefusedException {
        try {
            ofCanonical(repository -> {
                unfetched.pullRequest(repository.getFullName(), number).close();
                return number;
            });
        } catch (IOException | RuntimeException e) {
            throw refusals.of(e, Operation.CLOSING);
        }
    }

    @Override
    public Snapshots snapshots(List<PullRequestRef> refs) throws RefusedException {
        return snapshots.read(refs);
    }

    @Override
    public List<String> edit(int number, PullRequestEdit edit) throws RefusedException {
        try {
            return ofCanonical(repository -> {
                GitHubAdditions additions = additions(unfetched.pullRequest(canonical, number));
                return new GitHubEdit(direct, additions, refusals, owners(), canonical, number).apply(edit);
            });
        } catch (IOException | RuntimeException e) {
            throw refusals.of(e, Operation.EDITING);
        }
    }

    private GitHubAdditions additions(GHPullRequest of) {
        return new GitHubAdditions(of, unfetched, refusals, owners());
    }

    private Set<String> owners() {
        return Set.copyOf(List.of(url.owner(), canonical.substring(0, canonical.indexOf('/'))));
    }

    private interface RepositoryCall<T> {
        T of(GHRepository repository) throws IOException;
    }

    /**
     * Calls with the repository's current name. A renamed repository redirects all requests except GETs of itself; its
     * name is then read and the call repeated.
     */
    private <T> T ofCanonical(RepositoryCall<T> call) throws IOException, RefusedException {
        try {
            return call.of(unfetched.repository(canonical));
        } catch (IOException | RuntimeException e) {
            if (GitHubRefusals.answerIn(e).filter(Answer::isRedirect).isEmpty()) {
                throw e;
            }
            repository();
            return call.of(unfetched.repository(canonical));
        }
    }

    @Override
    public RateLimit rateLimit() {
        return requests.rateLimit();
    }
}
