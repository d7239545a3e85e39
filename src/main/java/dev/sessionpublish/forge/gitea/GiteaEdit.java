package dev.sessionpublish.forge.gitea;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sessionpublish.forge.DraftTitle;
import dev.sessionpublish.forge.Forge.NewPullRequest;
import dev.sessionpublish.forge.ForgeKind;
import dev.sessionpublish.forge.PullRequestEdit;
import dev.sessionpublish.forge.PullRequestEdit.Difference;
import dev.sessionpublish.forge.Reviewers;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.outcome.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes an open pull request. Whether it is a draft is in its title, so a change of either reads the other first. Labels
 * are removed by their id, reviewers by name, and the list of assignees is replaced as a whole.
 */
final class GiteaEdit {
    private final ForgeKind kind;
    private final GiteaApi api;
    private final GiteaRefusals refusals;
    private final GiteaPullRequests pulls;
    private final int number;
    private final List<String> notes = new ArrayList<>();

    GiteaEdit(ForgeKind kind, GiteaApi api, GiteaRefusals refusals, GiteaPullRequests pulls, int number) {
        this.kind = kind;
        this.api = api;
        this.refusals = refusals;
        this.pulls = pulls;
        this.number = number;
    }

    /** @return a sentence for each label or person that the forge rejects, and if it doesn't read the title as asked */
    List<String> apply(PullRequestEdit edit) throws RefusedException {
        JsonNode present = pulls.json(number);
        text(edit, present);
        List<String> assigned = new ArrayList<>(present.path("assignees").findValuesAsText("login"));
        removeLabels(edit.labels().removed());
        removeReviewers(edit.reviewers().removed());
        removeAssignees(edit.assignees().removed(), assigned);
        notes.addAll(new GiteaAdditions(api, refusals, number, assigned).add(additions(edit)));
        return List.copyOf(notes);
    }

    private void text(PullRequestEdit edit, JsonNode present) throws RefusedException {
        boolean titled = edit.title().isPresent() || edit.draft().isPresent();
        if (!titled && edit.body().isEmpty()) {
            return;
        }
        boolean draft = edit.draft().orElse(present.path("draft").asBoolean());
        String title = DraftTitle.of(
                kind,
                edit.title().orElse(present.path("title").asText()),
                draft,
                present.path("head").path("ref").asText());
        Answer answer = api.send(
                "PATCH",
                "/pulls/" + number,
                GiteaJson.Edit.text(titled ? title : null, edit.body().orElse(null)));
        if (!answer.isSuccess()) {
            throw answer.status() == 404 ? pulls.missing(number) : refusals.of(answer);
        }
        boolean is = answer.json().path("draft").asBoolean(draft);
        if (edit.draft().isPresent() && is != draft) {
            notes.add("The pull request is " + (draft ? "not a draft" : "still a draft") + ": " + kind.written()
                    + " is configured to mark drafts by another start of the title than " + DraftTitle.PREFIX.strip()
                    + ". Change the title at the forge.");
        }
    }

    /** Reviewers who have been asked already, or have reviewed, are not asked again. */
    private NewPullRequest additions(PullRequestEdit edit) throws RefusedException {
        return new NewPullRequest(
                "",
                "",
                "",
                "",
                false,
                edit.labels().added(),
                edit.reviewers().added().isEmpty() ? List.of() : unasked(edit.reviewers()),
                edit.assignees().added());
    }

    private List<String> unasked(Difference reviewers) throws RefusedException {
        Answer answer = api.get("/pulls/" + number + "/reviews?limit=50");
        if (!answer.isSuccess()) {
            throw refusals.of(answer);
        }
        List<String> known = new ArrayList<>();
        for (JsonNode review : answer.json()) {
            known.add(review.path("user").path("login").asText());
        }
        return reviewers.added().stream()
                .filter(each -> known.stream().noneMatch(each::equalsIgnoreCase))
                .toList();
    }

    private void removeLabels(List<String> names) throws RefusedException {
        if (names.isEmpty()) {
            return;
        }
        Answer answer = api.get("/issues/" + number + "/labels");
        if (!answer.isSuccess()) {
            throw refusals.of(answer);
        }
        for (GiteaJson.Label label : api.read(answer, new TypeReference<List<GiteaJson.Label>>() {})) {
            boolean removed = names.stream().anyMatch(each -> each.equalsIgnoreCase(label.name()));
            if (removed) {
                remove("The label " + label.name(), "/issues/" + number + "/labels/" + label.id(), Optional.empty());
            }
        }
    }

    private void removeReviewers(List<String> names) {
        Reviewers reviewers = Reviewers.of(names, api.owners());
        for (String user : reviewers.users()) {
            removeReviewer("The reviewer " + user, new GiteaJson.Reviewers(List.of(user), List.of()));
        }
        for (String team : reviewers.teams()) {
            removeReviewer("The team " + team, new GiteaJson.Reviewers(List.of(), List.of(team)));
        }
    }

    private void removeReviewer(String what, GiteaJson.Reviewers request) {
        remove(what, "/pulls/" + number + "/requested_reviewers", Optional.of(request));
    }

    private void removeAssignees(List<String> names, List<String> assigned) throws RefusedException {
        if (!assigned.removeIf(each -> names.stream().anyMatch(each::equalsIgnoreCase))) {
            return;
        }
        Answer answer = api.send("PATCH", "/pulls/" + number, GiteaJson.Edit.assignees(List.copyOf(assigned)));
        if (!answer.isSuccess()) {
            notes.add("The assignees " + String.join(", ", names) + " could not be removed. "
                    + refusals.of(answer).getMessage());
        }
    }

    /** A name that the forge doesn't know any more needs no removal. */
    private void remove(String what, String path, Optional<GiteaJson.Reviewers> body) {
        try {
            Answer answer = api.send("DELETE", path, body.orElse(null));
            if (!answer.isSuccess() && answer.status() != 404 && answer.status() != 422) {
                throw refusals.of(answer);
            }
        } catch (RefusedException e) {
            notes.add(what + " could not be removed. " + e.getMessage());
        }
    }
}
