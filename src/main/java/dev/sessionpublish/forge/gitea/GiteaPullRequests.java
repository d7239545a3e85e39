package dev.sessionpublish.forge.gitea;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sessionpublish.forge.Forge.Description;
import dev.sessionpublish.forge.Forge.PullRequest;
import dev.sessionpublish.forge.Forge.State;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.http.PercentEncoding;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the pull requests of one repository. */
final class GiteaPullRequests {
    /** The number of pull requests of the repository to read, because the API has no filter by head. */
    private static final int NEWEST = 200;

    private static final int NEWEST_OF_HEAD = 20;

    /** The default limit of these forges. */
    private static final int PAGE = 50;

    private static final int MOST_PAGES = 20;

    private final GiteaApi api;
    private final RepositoryUrl repository;
    private final GiteaRefusals refusals;

    GiteaPullRequests(GiteaApi api, RepositoryUrl repository, GiteaRefusals refusals) {
        this.api = api;
        this.repository = repository;
        this.refusals = refusals;
    }

    List<PullRequest> ofHead(String branch) throws RefusedException {
        List<PullRequest> found = new ArrayList<>();
        for (GiteaJson.Pull each : newest()) {
            if (isOf(branch, each) && found.size() < NEWEST_OF_HEAD) {
                found.add(of(each));
            }
        }
        return List.copyOf(found);
    }

    PullRequest read(int number) throws RefusedException {
        Answer answer = api.get("/pulls/" + number);
        if (!answer.isSuccess()) {
            throw answer.status() == 404 ? missing(number) : refusals.of(answer);
        }
        return of(api.read(answer, new TypeReference<>() {}));
    }

    /** The assignees of a pull request. */
    List<String> assignees(int number) throws RefusedException {
        return json(number).path("assignees").findValuesAsText("login");
    }

    /** A pull request as the forge has it now. */
    JsonNode json(int number) throws RefusedException {
        Answer answer = api.get("/pulls/" + number);
        if (!answer.isSuccess()) {
            throw answer.status() == 404 ? missing(number) : refusals.of(answer);
        }
        return answer.json();
    }

    /** The user of the last event in the timeline that closed it. */
    Optional<String> closedBy(int number) throws RefusedException {
        Optional<String> closedAt =
                Optional.ofNullable(json(number).path("closed_at").textValue());
        if (closedAt.isEmpty()) {
            return Optional.empty();
        }
        Answer answer = api.get(
                "/issues/" + number + "/timeline?limit=" + PAGE + "&since=" + PercentEncoding.of(closedAt.get()));
        if (!answer.isSuccess()) {
            throw refusals.of(answer);
        }
        Optional<String> login = Optional.empty();
        for (JsonNode event : answer.json()) {
            if (event.path("type").asText().equals("close")) {
                login = Optional.ofNullable(event.path("user").path("login").textValue());
            }
        }
        return login;
    }

    PullRequest of(GiteaJson.Pull from) throws RefusedException {
        GiteaJson.Side head = from.head();
        GiteaJson.Side base = from.base();
        if (from.number() <= 0 || head == null || base == null || base.ref() == null) {
            throw refusals.unreadable();
        }
        State state = state(from);
        String tip = state == State.OPEN
                ? String.valueOf(head.sha())
                : recordedHead(from.number()).orElse(String.valueOf(head.sha()));
        if (!ObjectId.isValid(tip)) {
            throw refusals.unreadable();
        }
        return new PullRequest(
                from.number(),
                page(from),
                state,
                state == State.OPEN && Boolean.TRUE.equals(from.draft()),
                headBranch(head),
                base.ref(),
                tip,
                new Description(
                        from.user() == null ? "" : String.valueOf(from.user().login()),
                        Objects.requireNonNullElse(from.body(), "")));
    }

    /**
     * The error for a missing pull request.
     *
     * @throws RefusedException if the repository is the cause
     */
    RefusedException missing(int number) throws RefusedException {
        requireEnabled();
        return refusals.noPullRequest(number);
    }

    /** @throws RefusedException {@code pull-requests-disabled}, or what {@link GiteaApi#repository} throws */
    void requireEnabled() throws RefusedException {
        if (Boolean.FALSE.equals(api.repository().hasPullRequests())) {
            throw refusals.pullRequestsDisabled();
        }
    }

    /** The newest pull requests of the repository, newest first, without duplicates if others are opened meanwhile. */
    private Iterable<GiteaJson.Pull> newest() throws RefusedException {
        Map<Integer, GiteaJson.Pull> found = new TreeMap<>(Comparator.reverseOrder());
        for (int page = 1; page <= MOST_PAGES && found.size() < NEWEST; page++) {
            Answer answer = api.get("/pulls?state=all&limit=" + PAGE + "&page=" + page);
            if (!answer.isSuccess()) {
                if (answer.status() == 404) {
                    requireEnabled();
                    throw refusals.mayNotOpen(answer);
                }
                throw refusals.of(answer);
            }
            List<GiteaJson.Pull> pulls = api.read(answer, new TypeReference<>() {});
            for (GiteaJson.Pull each : pulls) {
                if (each == null) {
                    throw refusals.unreadable();
                }
                found.put(each.number(), each);
            }
            long all = answer.number("X-Total-Count").orElse(Long.MAX_VALUE);
            if (pulls.isEmpty() || found.size() >= all) {
                break;
            }
        }
        return found.values();
    }

    private static boolean isOf(String branch, GiteaJson.Pull each) {
        GiteaJson.Side head = each.head();
        GiteaJson.Side base = each.base();
        return head != null
                && base != null
                && head.repositoryId() == base.repositoryId()
                && headBranch(head).equals(branch);
    }

    private static String headBranch(GiteaJson.Side head) {
        String label = head.label();
        return label == null || label.isEmpty() ? String.valueOf(head.ref()) : label;
    }

    private static State state(GiteaJson.Pull from) {
        if (from.merged()) {
            return State.MERGED;
        }
        return "open".equals(from.state()) ? State.OPEN : State.CLOSED;
    }

    /**
     * The head commit of a closed pull request. The API reports the branch's current tip, but a ref records the tip at
     * the time it was closed.
     */
    private Optional<String> recordedHead(int number) throws RefusedException {
        String ref = "refs/pull/" + number + "/head";
        Answer answer = api.get("/git/" + ref);
        if (!answer.isSuccess() && answer.status() != 404) {
            throw refusals.of(answer);
        }
        JsonNode json = answer.json();
        for (JsonNode each : json.isArray() ? json : List.of(json)) {
            if (each.path("ref").asText().equals(ref)) {
                return Optional.of(each.path("object").path("sha").asText());
            }
        }
        return Optional.empty();
    }

    private String page(GiteaJson.Pull from) {
        String page = String.valueOf(from.page());
        boolean ours =
                page.startsWith("https://" + repository.authority() + "/") && page.equals(SafeText.line(page, 1024));
        return ours ? page : "https://" + repository.authority() + "/" + api.canonical() + "/pulls/" + from.number();
    }
}
