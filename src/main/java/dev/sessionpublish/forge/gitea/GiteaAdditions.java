package dev.sessionpublish.forge.gitea;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.sessionpublish.forge.Forge.NewPullRequest;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.outcome.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Labels, reviewers and assignees of a pull request that has just been opened. Labels are those that the repository or
 * its organisation has; none is made. Reviewers and assignees are refused all together, so when they are they are asked
 * for one by one. A reviewer with a slash is a team, {@code ORG/TEAM}. What can't be had is a note.
 */
final class GiteaAdditions {
    private final GiteaApi api;
    private final GiteaRefusals refusals;
    private final int number;
    private final List<String> assigned;
    private final List<String> notes = new ArrayList<>();

    /** @param assigned who is assigned already, and stays so */
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

    /** The answer has all labels; a name that is none is passed over by the forge without a word. */
    private void labels(List<String> names) {
        if (names.isEmpty()) {
            return;
        }
        try {
            Answer answer = api.send("POST", "/issues/" + number + "/labels", new Wire.Labels(names));
            if (!answer.isSuccess()) {
                throw refusals.of(answer);
            }
            List<Wire.Label> set = api.read(answer, new TypeReference<>() {});
            List<String> setNames =
                    set.stream().map(Wire.Label::name).map(String::valueOf).toList();
            for (String each : names) {
                if (!setNames.contains(each)) {
                    notes.add("The label " + each + " could not be set: neither the repository nor its organisation"
                            + " has it.");
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
        return api.send("POST", "/pulls/" + number + "/requested_reviewers", new Wire.Reviewers(users, teams));
    }

    /** Assignees are given as the whole list, so one by one means: those that worked, and another. */
    private void assignees(List<String> assignees) {
        addAll("assignee", assignees, some -> {
            List<String> all =
                    Stream.concat(assigned.stream(), some.stream()).distinct().toList();
            Answer answer = api.send("PATCH", "/pulls/" + number, new Wire.Edit(null, all));
            if (answer.isSuccess()) {
                assigned.addAll(some);
            }
            return answer;
        });
    }

    private interface Request {
        Answer send(List<String> names) throws RefusedException;
    }

    private void addAll(String what, List<String> names, Request request) {
        if (names.isEmpty()) {
            return;
        }
        String those = "The " + what + (names.size() == 1 ? " " : "s ") + String.join(", ", names);
        try {
            Answer answer = request.send(names);
            if (answer.isSuccess()) {
                return;
            }
            if (!isAboutOne(answer)) {
                throw refusals.of(answer);
            }
            if (names.size() == 1) {
                notes.add(
                        those + " could not be set: not someone who works on this repository." + refusals.tail(answer));
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

    /** Unknown is 404 or 422; an assignee who may not see the repository is 500. */
    private static boolean isAboutOne(Answer answer) {
        return answer.status() == 404 || answer.status() == 422 || answer.status() == 500;
    }

    private void note(String what, RefusedException why) {
        notes.add(what + " could not be set. " + why.getMessage());
    }
}
