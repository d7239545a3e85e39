package dev.sessionpublish.forge.github;

import dev.sessionpublish.forge.Forge.NewPullRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.kohsuke.github.GHPerson;
import org.kohsuke.github.GHPullRequest;

/**
 * Adds labels, reviewers and assignees to a pull request, with one request per kind. GitHub rejects a list of reviewers
 * as a whole; each is then requested separately. A reviewer with a slash is a team, {@code ORG/TEAM}. What can't be
 * added is reported in a note.
 */
final class GitHubAdditions {
    private final GHPullRequest pullRequest;
    private final UnfetchedObjects unfetched;
    private final GitHubRefusals refusals;
    private final List<String> notes = new ArrayList<>();

    GitHubAdditions(GHPullRequest pullRequest, UnfetchedObjects unfetched, GitHubRefusals refusals) {
        this.pullRequest = pullRequest;
        this.unfetched = unfetched;
        this.refusals = refusals;
    }

    List<String> add(NewPullRequest request) {
        labels(request.labels());
        reviewers(request.reviewers());
        assignees(request.assignees());
        return List.copyOf(notes);
    }

    private interface AdditionRequest {
        void send() throws IOException;
    }

    private void labels(List<String> labels) {
        if (!labels.isEmpty()) {
            attempt(
                    "The labels " + String.join(", ", labels),
                    () -> pullRequest.addLabels(labels.toArray(String[]::new)));
        }
    }

    private void reviewers(List<String> reviewers) {
        if (reviewers.isEmpty()) {
            return;
        }
        try {
            request(reviewers);
        } catch (IOException | RuntimeException e) {
            if (reviewers.size() == 1
                    || GitHubRefusals.answerIn(e)
                            .filter(answer -> answer.status() == 422)
                            .isEmpty()) {
                note("The reviewers " + String.join(", ", reviewers), e);
                return;
            }
            for (String each : reviewers) {
                attempt("The reviewer " + each, () -> request(List.of(each)));
            }
        }
    }

    private void request(List<String> reviewers) throws IOException {
        List<String> users =
                reviewers.stream().filter(each -> each.indexOf('/') < 0).toList();
        List<String> teams = reviewers.stream()
                .filter(each -> each.indexOf('/') >= 0)
                .map(each -> each.substring(each.lastIndexOf('/') + 1))
                .toList();
        if (!users.isEmpty()) {
            pullRequest.requestReviewers(unfetched.users(users));
        }
        if (!teams.isEmpty()) {
            pullRequest.requestTeamReviewers(unfetched.teams(teams));
        }
    }

    /** GitHub silently ignores users that can't be assigned. */
    private void assignees(List<String> assignees) {
        if (assignees.isEmpty()) {
            return;
        }
        attempt("The assignees " + String.join(", ", assignees), () -> {
            pullRequest.addAssignees(unfetched.users(assignees));
            List<String> assigned =
                    pullRequest.getAssignees().stream().map(GHPerson::getLogin).toList();
            for (String each : assignees) {
                if (assigned.stream().noneMatch(each::equalsIgnoreCase)) {
                    notes.add("The assignee " + each
                            + " was not added: no user with access to this repository has this name.");
                }
            }
        });
    }

    private void attempt(String what, AdditionRequest request) {
        try {
            request.send();
        } catch (IOException | RuntimeException e) {
            note(what, e);
        }
    }

    private void note(String what, Exception failure) {
        notes.add(what + " could not be added. "
                + refusals.of(failure, GitHubRefusals.Operation.OPENING).getMessage());
    }
}
