package dev.sessionpublish.forge.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sessionpublish.forge.Forge.NewPullRequest;
import dev.sessionpublish.forge.PullRequestEdit;
import dev.sessionpublish.forge.Reviewers;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.http.PercentEncoding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Changes an open pull request. Title and description are one request; whether it is a draft can only be changed through
 * GraphQL.
 */
final class GitHubEdit {
    private static final String TO_DRAFT =
            "mutation($id: ID!) { convertPullRequestToDraft(input: {pullRequestId: $id}) { clientMutationId } }";
    private static final String TO_READY =
            "mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { clientMutationId } }";

    private final DirectRequests requests;
    private final GitHubAdditions additions;
    private final GitHubRefusals refusals;
    private final Set<String> owners;
    private final String pull;
    private final String issue;
    private final List<String> notes = new ArrayList<>();

    /** @param canonical the repository's {@code OWNER/NAME} */
    GitHubEdit(
            DirectRequests requests,
            GitHubAdditions additions,
            GitHubRefusals refusals,
            Set<String> owners,
            String canonical,
            int number) {
        this.requests = requests;
        this.additions = additions;
        this.refusals = refusals;
        this.owners = owners;
        this.pull = "/repos/" + canonical + "/pulls/" + number;
        this.issue = "/repos/" + canonical + "/issues/" + number;
    }

    /** @return a sentence for each label or person that GitHub rejects, and for a state of a draft */
    List<String> apply(PullRequestEdit edit) throws IOException {
        text(edit);
        if (edit.draft().isPresent()) {
            draft(edit.draft().get());
        }
        for (String label : edit.labels().removed()) {
            attempt(
                    "The label " + label + " could not be removed.",
                    () -> remove(issue + "/labels/" + PercentEncoding.of(label), Map.of()));
        }
        removePeople(edit);
        notes.addAll(additions.add(added(edit)));
        return List.copyOf(notes);
    }

    private void text(PullRequestEdit edit) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        edit.title().ifPresent(title -> fields.put("title", title));
        edit.body().ifPresent(body -> fields.put("body", body));
        if (!fields.isEmpty()) {
            requests.send("PATCH", pull, fields);
        }
    }

    private void draft(boolean draft) throws IOException {
        JsonNode present = requests.send("GET", pull, null).json();
        if (present.path("draft").asBoolean() == draft) {
            return;
        }
        String failed = "The pull request could not be made " + (draft ? "a draft." : "ready for review.");
        attempt(failed, () -> {
            JsonNode answer = requests.graphQl(
                            draft ? TO_DRAFT : TO_READY,
                            Map.of("id", present.path("node_id").asText()))
                    .json();
            JsonNode error = answer.path("errors").path(0).path("message");
            if (!error.isMissingNode()) {
                notes.add(failed + " Change it at the forge. GitHub's message: " + refusals.quote(error.asText()));
            }
        });
    }

    private NewPullRequest added(PullRequestEdit edit) throws IOException {
        List<String> reviewers = edit.reviewers().added();
        return new NewPullRequest(
                "",
                "",
                "",
                "",
                false,
                edit.labels().added(),
                reviewers.isEmpty() ? List.of() : withoutThoseWhoReviewed(reviewers),
                edit.assignees().added());
    }

    private List<String> withoutThoseWhoReviewed(List<String> reviewers) throws IOException {
        List<String> reviewed = new ArrayList<>();
        for (JsonNode each :
                requests.send("GET", pull + "/reviews?per_page=100", null).json()) {
            reviewed.add(each.path("user").path("login").asText());
        }
        return reviewers.stream()
                .filter(each -> reviewed.stream().noneMatch(each::equalsIgnoreCase))
                .toList();
    }

    private void removePeople(PullRequestEdit edit) {
        Reviewers reviewers = Reviewers.of(edit.reviewers().removed(), owners);
        for (String user : reviewers.users()) {
            removeReviewer("The reviewer " + user, Map.of("reviewers", List.of(user)));
        }
        for (String team : reviewers.teams()) {
            removeReviewer("The team " + team, Map.of("reviewers", List.of(), "team_reviewers", List.of(team)));
        }
        List<String> assignees = edit.assignees().removed();
        if (!assignees.isEmpty()) {
            attempt(
                    "The assignees " + String.join(", ", assignees) + " could not be removed.",
                    () -> remove(issue + "/assignees", Map.of("assignees", assignees)));
        }
    }

    private void removeReviewer(String who, Map<String, ?> body) {
        attempt(who + " could not be removed.", () -> remove(pull + "/requested_reviewers", body));
    }

    /** What isn't there, or nobody knows any more, needs no removal. */
    private void remove(String path, Map<String, ?> body) throws IOException {
        try {
            requests.send("DELETE", path, body.isEmpty() ? null : body);
        } catch (ErrorAnswerException e) {
            Optional<Answer> other =
                    Optional.of(e.answer()).filter(answer -> answer.status() != 404 && answer.status() != 422);
            if (other.isPresent()) {
                throw e;
            }
        }
    }

    private interface Request {
        void send() throws IOException;
    }

    private void attempt(String failed, Request request) {
        try {
            request.send();
        } catch (IOException | RuntimeException e) {
            notes.add(failed + " "
                    + refusals.of(e, GitHubRefusals.Operation.EDITING).getMessage());
        }
    }
}
