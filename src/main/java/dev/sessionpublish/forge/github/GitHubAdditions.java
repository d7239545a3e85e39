package dev.sessionpublish.forge.github;

import dev.sessionpublish.forge.Forge.NewPullRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.kohsuke.github.GHPerson;
import org.kohsuke.github.GHPullRequest;

/**
 * Labels, reviewers and assignees of a pull request that has just been opened: one request for each kind that is asked
 * for. GitHub refuses reviewers all together, so when it does they are asked for one by one. A reviewer with a slash
 * is a team, {@code ORG/TEAM}. What can't be had is a note.
 */
final class GitHubAdditions {
    private final GHPullRequest pullRequest;
    private final References references;
    private final GitHubRefusals refusals;
    private final List<String> notes = new ArrayList<>();

    GitHubAdditions(GHPullRequest pullRequest, References references, GitHubRefusals refusals) {
        this.pullRequest = pullRequest;
        this.references = references;
        this.refusals = refusals;
    }

    List<String> add(NewPullRequest request) {
        labels(request.labels());
        reviewers(request.reviewers());
        assignees(request.assignees());
        return List.copyOf(notes);
    }

    private interface Request {
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
            pullRequest.requestReviewers(references.users(users));
        }
        if (!teams.isEmpty()) {
            pullRequest.requestTeamReviewers(references.teams(teams));
        }
    }

    /** GitHub leaves out without a word whom it can't assign. */
    private void assignees(List<String> assignees) {
        if (assignees.isEmpty()) {
            return;
        }
        attempt("The assignees " + String.join(", ", assignees), () -> {
            pullRequest.addAssignees(references.users(assignees));
            List<String> assigned =
                    pullRequest.getAssignees().stream().map(GHPerson::getLogin).toList();
            for (String each : assignees) {
                if (assigned.stream().noneMatch(each::equalsIgnoreCase)) {
                    notes.add("The assignee " + each + " could not be set: not someone who works on this repository.");
                }
            }
        });
    }

    private void attempt(String what, Request request) {
        try {
            request.send();
        } catch (IOException | RuntimeException e) {
            note(what, e);
        }
    }

    private void note(String what, Exception failure) {
        notes.add(what + " could not be set. "
                + refusals.of(failure, GitHubRefusals.Asked.OPENING).getMessage());
    }
}
