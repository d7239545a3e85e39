package dev.sessionpublish.embedded;

import static dev.sessionpublish.embedded.GitHubReply.error;
import static dev.sessionpublish.embedded.GitHubReply.invalid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sessionpublish.embedded.GitHubToken.Access;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What GitHub does when it is asked something of one repository by one token: its rules, and its words. */
final class GitHubRules {
    private static final String CODING_AGENT = "copilot-swe-agent[bot]";

    private final GitHubJson json;
    private final String api;
    private final GitHubRepository repository;
    private final GitHubToken token;

    GitHubRules(GitHubJson json, String api, GitHubRepository repository, GitHubToken token) {
        this.json = json;
        this.api = api;
        this.repository = repository;
        this.token = token;
    }

    /**
     * @param rest of the path, after the repository's name
     * @throws GitHubReply.Refusal when the rules say no
     */
    GitHubReply answer(String method, List<String> rest, Map<String, String> query, JsonNode body) {
        String what = rest.isEmpty() ? "" : rest.get(0);
        String route = method + " " + what + (rest.size() > 2 ? "/" + rest.get(2) : "");
        return switch (route) {
            case "GET " -> GitHubReply.of(200, json.repository(repository, token.in(repository.fullName())));
            case "GET pulls" ->
                rest.size() == 1 ? list(query) : GitHubReply.of(200, json.pull(repository, pull(rest), false));
            case "POST pulls" -> {
                // Of two at the same time one comes first.
                synchronized (repository) {
                    yield open(body);
                }
            }
            case "GET compare" -> compare(rest.get(1));
            case "PATCH pulls" -> edit(writable(pull(rest)), body);
            case "PUT pulls/merge" -> merge(writable(pull(rest)), body);
            case "POST issues/labels" -> label(writable(pull(rest)), body);
            case "POST pulls/requested_reviewers" -> review(writable(pull(rest)), body);
            case "POST issues/assignees" -> assign(writable(pull(rest)), body);
            case "GET issues" -> GitHubReply.of(200, json.issue(repository, pull(rest)));
            case "GET pulls/reviews" -> GitHubReply.of(200, json.reviews(repository, pull(rest)));
            case "DELETE issues/labels" -> unlabel(writable(pull(rest)), rest.get(3));
            case "DELETE pulls/requested_reviewers" -> unreview(writable(pull(rest)), body);
            case "DELETE issues/assignees" -> unassign(writable(pull(rest)), body);
            default ->
                what.equals("branches") && method.equals("GET")
                        ? branch(String.join("/", rest.subList(1, rest.size())))
                        : error(404, "Not Found");
        };
    }

    /** Two commits, as {@code BASE...HEAD}. */
    private GitHubReply compare(String pair) {
        String[] sides = pair.split("\\.\\.\\.", 2);
        if (sides.length < 2 || !repository.hasCommit(sides[0]) || !repository.hasCommit(sides[1])) {
            return error(404, "Not Found");
        }
        int ahead = repository.commitsBetween(sides[0], sides[1]);
        int behind = repository.commitsBetween(sides[1], sides[0]);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("status", ahead == 0 ? behind == 0 ? "identical" : "behind" : behind == 0 ? "ahead" : "diverged")
                .put("ahead_by", ahead)
                .put("behind_by", behind)
                .put("total_commits", ahead);
        body.putObject("base_commit").put("sha", sides[0]);
        body.putObject("merge_base_commit").put("sha", repository.mergeBase(sides[0], sides[1]));
        body.putArray("commits");
        body.putArray("files");
        return GitHubReply.of(200, body);
    }

    private GitHubReply list(Map<String, String> query) {
        int size = Math.min(100, Integer.parseInt(query.getOrDefault("per_page", "30")));
        int page = Integer.parseInt(query.getOrDefault("page", "1"));
        String state = query.getOrDefault("state", "open");
        Stream<GitHubPull> found = repository.all().stream()
                .filter(each -> state.equals("all") || each.open() == state.equals("open"))
                .filter(headed(query.get("head")))
                .filter(each -> !query.containsKey("base") || each.baseBranch().equals(query.get("base")));
        if (query.getOrDefault("direction", query.containsKey("sort") ? "asc" : "desc")
                .equals("asc")) {
            found = found.sorted(Comparator.comparingInt(GitHubPull::number));
        }
        List<GitHubPull> all = found.toList();
        ArrayNode body = JsonNodeFactory.instance.arrayNode();
        all.stream()
                .skip((long) (page - 1) * size)
                .limit(size)
                .forEach(each -> body.add(json.briefPull(repository, each)));
        int last = Math.max(1, (all.size() + size - 1) / size);
        GitHubReply reply = GitHubReply.of(200, body);
        return last == 1 ? reply : reply.with("Link", links(query, page, last));
    }

    /** As GitHub does it: a head that isn't {@code OWNER:BRANCH} is no filter at all. */
    private Predicate<GitHubPull> headed(@Nullable String head) {
        if (head == null || !head.contains(":")) {
            return each -> true;
        }
        return each -> head.equalsIgnoreCase(repository.owner() + ":" + each.headBranch())
                && head.endsWith(":" + each.headBranch());
    }

    private String links(Map<String, String> query, int page, int last) {
        List<String> links = new ArrayList<>();
        if (page < last) {
            links.add(link(query, page + 1, "next"));
            links.add(link(query, last, "last"));
        }
        if (page > 1) {
            links.add(link(query, page - 1, "prev"));
            links.add(link(query, 1, "first"));
        }
        return String.join(", ", links);
    }

    private String link(Map<String, String> query, int page, String relation) {
        StringBuilder url = new StringBuilder(api + "/repositories/" + repository.id() + "/pulls?page=" + page);
        query.forEach((name, value) -> {
            if (!name.equals("page")) {
                url.append('&').append(name).append('=').append(value);
            }
        });
        return "<" + url + ">; rel=\"" + relation + "\"";
    }

    private GitHubReply open(JsonNode body) {
        mayWrite();
        if (!repository.hasPullRequests()) {
            throw error(410, "Pull requests are disabled for this repository.").refusal();
        }
        String title = body.path("title").asText();
        if (title.isBlank()) {
            throw invalid("title", "missing_field").refusal();
        }
        String base = body.path("base").asText();
        String baseCommit = repository.tip(base).orElseThrow(() -> invalid("base", "invalid")
                .refusal());
        String head = body.path("head").asText();
        if (head.startsWith(repository.owner() + ":")) {
            head = head.substring(head.indexOf(':') + 1);
        }
        String headCommit = repository.tip(head).orElseThrow(() -> invalid("head", "invalid")
                .refusal());
        if (repository.commitsBetween(baseCommit, headCommit) == 0) {
            throw invalid("No commits between " + base + " and " + head).refusal();
        }
        for (GitHubPull each : repository.all()) {
            if (each.open()
                    && each.headBranch().equals(head)
                    && each.baseBranch().equals(base)) {
                throw invalid("A pull request already exists for " + repository.owner() + ":" + head + ".")
                        .refusal();
            }
        }
        boolean draft = body.path("draft").asBoolean();
        if (draft && !repository.hasDrafts()) {
            throw error(422, "Draft pull requests are not supported in this repository.")
                    .refusal();
        }
        GitHubPull opened = new GitHubPull(
                repository.nextNumber(),
                title,
                body.path("body").asText(""),
                token.login(),
                head,
                headCommit,
                base,
                baseCommit,
                draft,
                true,
                Optional.empty(),
                Instant.now(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        repository.store(opened);
        ObjectNode answer = json.pull(repository, opened, true);
        return GitHubReply.of(201, answer).with("Location", answer.path("url").asText());
    }

    private GitHubReply edit(GitHubPull pull, JsonNode body) {
        String base = body.path("base").asText(pull.baseBranch());
        if (repository.tip(base).isEmpty()) {
            throw invalid("base", "invalid").refusal();
        }
        GitHubPull edited = pull.edited(
                body.path("title").asText(pull.title()), body.path("body").asText(pull.body()), base);
        String state = body.path("state").asText("");
        if (state.equals("closed") && edited.open()) {
            edited = edited.ended(Optional.empty(), Instant.now());
            repository.closed(pull.number(), token.login());
        } else if (state.equals("open") && !edited.open()) {
            if (edited.merged()) {
                throw invalid("state", "invalid").refusal();
            }
            edited = edited.reopened();
        }
        repository.store(edited);
        return GitHubReply.of(200, json.pull(repository, edited, false));
    }

    private GitHubReply merge(GitHubPull pull, JsonNode body) {
        if (!pull.open() || pull.draft()) {
            throw error(405, "Pull Request is not mergeable").refusal();
        }
        if (!body.path("sha").asText(pull.headCommit()).equals(pull.headCommit())) {
            throw error(409, "Head branch was modified. Review and try the merge again.")
                    .refusal();
        }
        String merge = repository
                .merge(pull, Instant.now())
                .orElseThrow(() -> error(405, "Pull Request is not mergeable").refusal());
        return GitHubReply.of(
                200,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("sha", merge)
                        .put("merged", true)
                        .put("message", "Pull Request successfully merged"));
    }

    private GitHubReply label(GitHubPull pull, JsonNode body) {
        List<String> labels = together(pull.labels(), body.path("labels"));
        repository.store(pull.with(labels, pull.reviewers(), pull.teams(), pull.assignees()));
        return GitHubReply.of(200, json.labels(repository, labels));
    }

    private GitHubReply review(GitHubPull pull, JsonNode body) {
        for (JsonNode each : body.path("reviewers")) {
            if (each.asText().equals(pull.author())) {
                throw error(422, "Review cannot be requested from pull request author.")
                        .refusal();
            }
            if (!repository.isCollaborator(each.asText())) {
                throw error(
                                422,
                                "Reviews may only be requested from collaborators. One or more of the users or teams"
                                        + " you specified is not a collaborator of the " + repository.fullName()
                                        + " repository.")
                        .refusal();
            }
        }
        for (JsonNode each : body.path("team_reviewers")) {
            if (!repository.isTeam(each.asText())) {
                throw error(422, "Could not resolve to a node with the global id of ''.")
                        .refusal();
            }
        }
        GitHubPull asked = pull.with(
                pull.labels(),
                together(pull.reviewers(), body.path("reviewers")),
                together(pull.teams(), body.path("team_reviewers")),
                pull.assignees());
        repository.store(asked);
        return GitHubReply.of(201, json.briefPull(repository, asked));
    }

    /** Who can't be assigned is left out without a word, and one bot is listed by another login. */
    private GitHubReply assign(GitHubPull pull, JsonNode body) {
        List<String> assignees = together(pull.assignees(), body.path("assignees")).stream()
                .filter(repository::isCollaborator)
                .map(each -> each.equals(CODING_AGENT) ? "Copilot" : each)
                .toList();
        GitHubPull assigned = pull.with(pull.labels(), pull.reviewers(), pull.teams(), assignees);
        repository.store(assigned);
        return GitHubReply.of(201, json.issue(repository, assigned));
    }

    private GitHubReply unlabel(GitHubPull pull, String label) {
        if (!pull.labels().contains(label)) {
            throw error(404, "Label does not exist").refusal();
        }
        List<String> labels = without(pull.labels(), List.of(label));
        repository.store(pull.with(labels, pull.reviewers(), pull.teams(), pull.assignees()));
        return GitHubReply.of(200, json.labels(repository, labels));
    }

    private GitHubReply unreview(GitHubPull pull, JsonNode body) {
        if (!body.path("reviewers").isArray()) {
            throw error(422, "Invalid request.\n\n\"reviewers\" wasn't supplied.")
                    .refusal();
        }
        GitHubPull left = pull.with(
                pull.labels(),
                without(pull.reviewers(), texts(body.path("reviewers"))),
                without(pull.teams(), texts(body.path("team_reviewers"))),
                pull.assignees());
        repository.store(left);
        return GitHubReply.of(200, json.briefPull(repository, left));
    }

    private GitHubReply unassign(GitHubPull pull, JsonNode body) {
        GitHubPull left = pull.with(
                pull.labels(),
                pull.reviewers(),
                pull.teams(),
                without(pull.assignees(), texts(body.path("assignees"))));
        repository.store(left);
        return GitHubReply.of(200, json.issue(repository, left));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private static List<String> without(List<String> all, List<String> some) {
        return all.stream()
                .filter(each -> some.stream().noneMatch(each::equalsIgnoreCase))
                .toList();
    }

    private GitHubReply branch(String name) {
        String commit = repository.tip(name).orElseThrow(() -> error(404, "Branch not found")
                .refusal());
        return GitHubReply.of(200, json.branch(repository, name, commit));
    }

    private static List<String> together(List<String> present, JsonNode more) {
        List<String> all = new ArrayList<>(present);
        more.forEach(each -> {
            if (!all.contains(each.asText())) {
                all.add(each.asText());
            }
        });
        return all;
    }

    private GitHubPull pull(List<String> rest) {
        return Optional.of(rest.size() > 1 ? rest.get(1) : "")
                .filter(number -> number.matches("\\d{1,9}"))
                .flatMap(number -> repository.pull(Integer.parseInt(number)))
                .orElseThrow(() -> error(404, "Not Found").refusal());
    }

    private GitHubPull writable(GitHubPull pull) {
        mayWrite();
        return pull;
    }

    private void mayWrite() {
        if (token.in(repository.fullName()).orElse(Access.READ) != Access.WRITE) {
            throw (token.isFineGrained()
                            ? error(403, "Resource not accessible by personal access token")
                                    .with("X-Accepted-GitHub-Permissions", "pull_requests=write")
                            : error(404, "Not Found"))
                    .refusal();
        }
        if (repository.isArchived()) {
            throw error(403, "Repository was archived so is read-only.").refusal();
        }
    }
}
