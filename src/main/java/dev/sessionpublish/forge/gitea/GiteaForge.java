package dev.sessionpublish.forge.gitea;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sessionpublish.forge.DraftTitle;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.ForgeConnector;
import dev.sessionpublish.forge.ForgeKind;
import dev.sessionpublish.forge.PullRequestEdit;
import dev.sessionpublish.forge.PullRequestRef;
import dev.sessionpublish.forge.Snapshots;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.http.Credential;
import dev.sessionpublish.http.PercentEncoding;
import dev.sessionpublish.http.RestApi;
import dev.sessionpublish.outcome.RefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A repository of Gitea or Forgejo, accessed by its REST API. Opening a pull request takes two requests: the first
 * checks that the head has commits that the base lacks, because these forges also open pull requests without commits.
 * Labels, reviewers and assignees take at least one request each. After an error that does not name what is missing,
 * the repository and its branches are checked. Failed requests are not repeated. Not thread-safe.
 *
 * @see <a href="https://docs.gitea.com/api/">Gitea's API</a>
 * @see <a href="https://forgejo.org/docs/latest/user/api-usage/">Forgejo's API</a>
 */
public final class GiteaForge implements Forge {
    private static final Pattern EXISTING = Pattern.compile("\\bissue_id: (\\d{1,9})\\b");

    private final ForgeKind kind;
    private final RestApi rest;
    private final Credential credential;
    private final GiteaApi api;
    private final GiteaRefusals refusals;
    private final GiteaPullRequests pulls;

    /** Creates the forges of Gitea and Forgejo hosts. */
    public static ForgeConnector connector() {
        return (host, api) -> (repository, credential) -> new GiteaForge(host.kind(), api, repository, credential);
    }

    /** @param credential sent only in the Authorization header */
    public GiteaForge(ForgeKind kind, RestApi api, RepositoryUrl repository, Credential credential) {
        this.kind = kind;
        this.rest = api;
        this.credential = credential;
        this.refusals = new GiteaRefusals(kind, repository, credential.redactor());
        this.api = new GiteaApi(api, repository, credential, refusals);
        this.pulls = new GiteaPullRequests(this.api, repository, refusals);
    }

    @Override
    public Repository repository() throws RefusedException {
        GiteaJson.Repository found = api.repository();
        String defaultBranch = found.defaultBranch();
        if (defaultBranch == null || defaultBranch.isEmpty()) {
            throw refusals.unreadable();
        }
        return new Repository(
                api.canonical(),
                defaultBranch,
                condition(found),
                found.permissions() != null && found.permissions().push(),
                !Boolean.FALSE.equals(found.hasPullRequests()),
                RateLimit.UNKNOWN);
    }

    private static Condition condition(GiteaJson.Repository found) {
        if (found.archived()) {
            return Condition.ARCHIVED;
        }
        return found.mirror() ? Condition.MIRROR : Condition.ACTIVE;
    }

    @Override
    public List<PullRequest> pullRequestsOf(String headBranch) throws RefusedException {
        return pulls.ofHead(headBranch);
    }

    @Override
    public PullRequest pullRequest(int number) throws RefusedException {
        return pulls.read(number);
    }

    @Override
    public Opened open(NewPullRequest request) throws RefusedException, PullRequestExistsException {
        requireCommits(request);
        String title = DraftTitle.of(kind, request.title(), request.draft(), request.headBranch());
        Answer answer = api.send(
                "POST",
                "/pulls",
                new GiteaJson.NewPull(request.headBranch(), request.baseBranch(), title, request.body()));
        if (answer.status() == 409) {
            throw new PullRequestExistsException("Head and base already have an open pull request.", existing(answer));
        }
        if (!answer.isSuccess()) {
            throw explain(answer, request);
        }
        PullRequest opened = pulls.of(api.read(answer, new TypeReference<>() {}));
        List<String> notes = new ArrayList<>(draftNotes(request, title, opened));
        notes.addAll(new GiteaAdditions(api, refusals, opened.number(), List.of()).add(request));
        return new Opened(opened, List.copyOf(notes));
    }

    @Override
    public List<String> complete(int number, NewPullRequest request) throws RefusedException {
        return new GiteaAdditions(api, refusals, number, pulls.assignees(number)).add(request);
    }

    @Override
    public List<String> edit(int number, PullRequestEdit edit) throws RefusedException {
        return new GiteaEdit(kind, api, refusals, pulls, number).apply(edit);
    }

    @Override
    public Optional<String> identity() throws RefusedException {
        return api.login();
    }

    @Override
    public boolean contains(String descendant, String commit) throws RefusedException {
        Answer answer = api.get("/compare/" + descendant + "..." + commit);
        if (answer.status() == 404) {
            return false;
        }
        JsonNode commits = answer.json().path("total_commits");
        if (!answer.isSuccess() || !commits.isInt()) {
            throw answer.isSuccess() ? refusals.unreadable() : refusals.of(answer);
        }
        return commits.asInt() == 0;
    }

    @Override
    public Optional<String> closedBy(int number) throws RefusedException {
        return pulls.closedBy(number);
    }

    @Override
    public void close(int number) throws RefusedException {
        Answer answer = api.send("PATCH", "/pulls/" + number, GiteaJson.Edit.close());
        boolean merged = answer.status() == 412;
        if (!answer.isSuccess() && !merged) {
            throw answer.status() == 404 ? pulls.missing(number) : refusals.of(answer);
        }
    }

    @Override
    public Snapshots snapshots(List<PullRequestRef> refs) throws RefusedException {
        Map<RepositoryUrl, List<PullRequestRef>> byRepository = new LinkedHashMap<>();
        refs.forEach(ref -> byRepository
                .computeIfAbsent(ref.repository(), any -> new ArrayList<>())
                .add(ref));
        Snapshots all = new Snapshots(Map.of(), Map.of(), Optional.empty(), RateLimit.UNKNOWN);
        for (Map.Entry<RepositoryUrl, List<PullRequestRef>> each : byRepository.entrySet()) {
            GiteaRefusals own = new GiteaRefusals(kind, each.getKey(), credential.redactor());
            GiteaSnapshots repository = new GiteaSnapshots(new GiteaApi(rest, each.getKey(), credential, own), own);
            all = all.and(
                    byRepository.size() == 1 ? repository.read(each.getValue()) : repository.readAny(each.getValue()));
        }
        return all;
    }

    private List<String> draftNotes(NewPullRequest request, String title, PullRequest opened) {
        if (request.draft() && !opened.draft()) {
            return List.of("The pull request is not a draft: " + kind.written()
                    + " is not configured to treat titles that start with " + DraftTitle.PREFIX
                    + " as drafts. Ask its administrator to add this start to WORK_IN_PROGRESS_PREFIXES.");
        }
        if (!request.draft() && opened.draft()) {
            return List.of("The pull request is a draft although draft is false: " + kind.written()
                    + " is configured to treat titles with this start as drafts. Change the title.");
        }
        return request.draft() || title.equals(request.title())
                ? List.of()
                : List.of("The start of the title was removed because draft is false: " + kind.written()
                        + " treats titles that start with " + DraftTitle.PREFIX
                        + " or [WIP] as drafts. Add it again on the pull request to make it a draft.");
    }

    private void requireCommits(NewPullRequest request) throws RefusedException {
        Answer answer = api.get("/commits?sha=" + branch(request.headBranch()) + "&not=" + branch(request.baseBranch())
                + "&limit=1&stat=false&verification=false&files=false");
        if (!answer.isSuccess()) {
            throw explain(answer, request);
        }
        JsonNode commits = answer.json();
        if (!commits.isArray()) {
            throw refusals.unreadable();
        }
        if (commits.isEmpty()) {
            throw refusals.noChanges();
        }
    }

    private static String branch(String name) {
        return PercentEncoding.of("refs/heads/" + name);
    }

    /**
     * Finds the cause of an error. These forges answer a missing branch with the same status as a missing repository,
     * or with a server error.
     */
    private RefusedException explain(Answer answer, NewPullRequest request) throws RefusedException {
        boolean invalid = answer.status() == 400 || answer.status() == 422;
        boolean unclear = invalid || answer.status() == 404 || answer.status() == 409 || answer.status() == 500;
        if (!unclear) {
            return refusals.of(answer);
        }
        pulls.requireEnabled();
        if (!exists(request.baseBranch())) {
            return refusals.noBase(request.baseBranch());
        }
        if (!exists(request.headBranch())) {
            return refusals.noHead(request.headBranch());
        }
        if (invalid) {
            return refusals.invalid(answer);
        }
        return answer.status() == 404 ? refusals.mayNotOpen(answer) : refusals.of(answer);
    }

    private boolean exists(String branch) throws RefusedException {
        Answer answer = api.get("/branches/" + PercentEncoding.ofPath(branch));
        if (!answer.isSuccess() && answer.status() != 404) {
            throw refusals.of(answer);
        }
        return answer.isSuccess();
    }

    /** The number of the existing pull request in the error message; 0 if there is none. */
    private static int existing(Answer answer) {
        Matcher named = EXISTING.matcher(answer.json().path("message").asText());
        return named.find() ? Integer.parseInt(named.group(1)) : 0;
    }
}
