package dev.sessionpublish.forge.gitea;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sessionpublish.forge.Forge.NewPullRequest;
import dev.sessionpublish.forge.Reviewers;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.outcome.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Adds labels, reviewers and assignees to a pull request. Gitea rejects a list of reviewers or assignees as a whole; each
 * is then added separately. What can't be added is reported in a note.
 */
final class GiteaAdditions {
    private final GiteaApi api;
    private final GiteaRefusals refusals;
    private final int number;
    private final List<String> assigned;
    private final List<String> notes = new ArrayList<>();

    /** @param assigned the current assignees, which are kept */
    GiteaAdditions(GiteaApi api, GiteaRefusals refusals, int number, List<String> assigned) {
        this.api = api;
        this.refusals = refusals;
        this.number = number;
        this.assigned = new ArrayList<>(assigned);
    }

    List<String> add(NewPullRequest request) {
        labels(request.labels());
        reviewers(Reviewers.of(request.reviewers(), api.owners()));
        assignees(request.assignees());
        return List.copyOf(notes);
    }

    private void labels(List<String> names) {
        if (names.isEmpty()) {
            return;
        }
        try {
            notes.addAll(new GiteaLabels(api, refusals, number).add(names));
        } catch (RefusedException e) {
            note("The labels " + String.join(", ", names), e);
        }
    }

    private void reviewers(Reviewers reviewers) {
        notes.addAll(reviewers.notes());
        addAll("reviewer", reviewers.users(), users -> request(users, List.of()));
        addAll("team", reviewers.teams(), this::requestTeams);
    }

    private Answer request(List<String> users, List<String> teams) throws RefusedException {
        return api.send("POST", "/pulls/" + number + "/requested_reviewers", new GiteaJson.Reviewers(users, teams));
    }

    /** The forge silently ignores teams in repositories of users, and lists only those that were not requested before. */
    private Answer requestTeams(List<String> teams) throws RefusedException {
        Answer answer = request(List.of(), teams);
        if (!answer.isSuccess() || areIn(teams, names(answer.json().findValues("team")))) {
            return answer;
        }
        Answer pull = api.get("/pulls/" + number);
        if (!pull.isSuccess()) {
            throw refusals.of(pull);
        }
        List<String> requested = names(pull.json().path("requested_reviewers_teams"));
        for (String each : teams) {
            if (!areIn(List.of(each), requested)) {
                notes.add(
                        "The team " + each + " was not requested to review: " + api.canonical()
                                + " belongs to a user, and only organizations have teams. Request the reviews of users instead.");
            }
        }
        return answer;
    }

    private static List<String> names(Iterable<JsonNode> objects) {
        List<String> names = new ArrayList<>();
        objects.forEach(each -> names.add(each.path("name").asText()));
        return names;
    }

    private static boolean areIn(List<String> names, List<String> all) {
        return names.stream().allMatch(name -> all.stream().anyMatch(name::equalsIgnoreCase));
    }

    /** Replaces the whole list of assignees. One by one therefore means: those that succeeded, and one more. */
    private void assignees(List<String> assignees) {
        addAll("assignee", assignees, some -> {
            List<String> all =
                    Stream.concat(assigned.stream(), some.stream()).distinct().toList();
            Answer answer = api.send("PATCH", "/pulls/" + number, GiteaJson.Edit.assignees(all));
            if (answer.isSuccess()) {
                assigned.addAll(some);
            }
            return answer;
        });
    }

    private interface NamesRequest {
        Answer send(List<String> names) throws RefusedException;
    }

    private void addAll(String what, List<String> names, NamesRequest request) {
        if (names.isEmpty()) {
            return;
        }
        String those = "The " + what + (names.size() == 1 ? " " : "s ") + String.join(", ", names);
        try {
            Answer answer = request.send(names);
            if (answer.isSuccess()) {
                return;
            }
            if (!isAboutName(answer)) {
                throw refusals.of(answer);
            }
            if (names.size() == 1) {
                notes.add(those + " was not added: nobody with access to this repository has this name. Add it on the"
                        + " pull request once the user has access."
                        + refusals.tail(answer));
                return;
            }
        } catch (RefusedException e) {
            note(those, e);
            return;
        }
        for (String each : names) {
            addAll(what, List.of(each), request);
        }
    }

    /**
     * Whether the error concerns one of the names. Unknown users are 404 or 422; an assignee without access to the
     * repository is 500.
     */
    private static boolean isAboutName(Answer answer) {
        return answer.status() == 404 || answer.status() == 422 || answer.status() == 500;
    }

    private void note(String what, RefusedException why) {
        notes.add(what + " could not be added. " + why.getMessage());
    }
}
