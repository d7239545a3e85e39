package dev.sessionpublish.forge.gitea;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.sessionpublish.forge.Forge.NewPullRequest;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.outcome.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Adds labels, reviewers and assignees to a pull request. Only existing labels of the repository or its organization
 * are added; missing labels are not created. Gitea rejects a list of reviewers or assignees as a whole; each is then
 * added separately. A reviewer with a slash is a team, {@code ORG/TEAM}. What can't be added is reported in a note.
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
        reviewers(request.reviewers());
        assignees(request.assignees());
        return List.copyOf(notes);
    }

    /** The response has all labels of the pull request. The forge silently ignores unknown names. */
    private void labels(List<String> names) {
        if (names.isEmpty()) {
            return;
        }
        try {
            Answer answer = api.send("POST", "/issues/" + number + "/labels", new GiteaJson.Labels(names));
            if (!answer.isSuccess()) {
                throw refusals.of(answer);
            }
            List<GiteaJson.Label> set = api.read(answer, new TypeReference<>() {});
            List<String> setNames =
                    set.stream().map(GiteaJson.Label::name).map(String::valueOf).toList();
            for (String each : names) {
                if (!setNames.contains(each)) {
                    notes.add("The label " + each + " was not added: it exists neither in the repository nor in its"
                            + " organization. Create it, then add it.");
                }
            }
        } catch (RefusedException e) {
            note("The labels " + String.join(", ", names), e);
        }
    }

    private void reviewers(List<String> reviewers) {
        addAll("reviewer", reviewers, this::requestReviews);
    }

    private Answer requestReviews(List<String> reviewers) throws RefusedException {
        List<String> users =
                reviewers.stream().filter(each -> each.indexOf('/') < 0).toList();
        List<String> teams = reviewers.stream()
                .filter(each -> each.indexOf('/') >= 0)
                .map(each -> each.substring(each.lastIndexOf('/') + 1))
                .toList();
        return api.send("POST", "/pulls/" + number + "/requested_reviewers", new GiteaJson.Reviewers(users, teams));
    }

    /** Replaces the whole list of assignees. One by one therefore means: those that succeeded, and one more. */
    private void assignees(List<String> assignees) {
        addAll("assignee", assignees, some -> {
            List<String> all =
                    Stream.concat(assigned.stream(), some.stream()).distinct().toList();
            Answer answer = api.send("PATCH", "/pulls/" + number, new GiteaJson.Edit(null, all));
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
                notes.add(those + " was not added: no user or team with access to this repository has this name."
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
