package dev.sessionpublish.forge.github;

import dev.sessionpublish.forge.Forge.NewPullRequest;
import dev.sessionpublish.forge.Reviewers;
import dev.sessionpublish.http.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.kohsuke.github.GHPerson;
import org.kohsuke.github.GHPullRequest;

/**
 * Adds labels, reviewers and assignees to a pull request, with one request per kind. GitHub rejects a list of reviewers
 * as a whole; each is then requested separately. What can't be added is reported in a note. GitHub doesn't report whether a
 * bot was requested to review, so that is taken from the status of the response alone.
 */
final class GitHubAdditions {
    private static final String BOT = "[bot]";

    private final GHPullRequest pullRequest;
    private final UnfetchedObjects unfetched;
    private final GitHubRefusals refusals;
    private final Set<String> owners;
    private final List<String> notes = new ArrayList<>();

    /** @param owners the names of the repository's owner */
    GitHubAdditions(
            GHPullRequest pullRequest, UnfetchedObjects unfetched, GitHubRefusals refusals, Set<String> owners) {
        this.owners = owners;
        this.pullRequest = pullRequest;
        this.unfetched = unfetched;
        this.refusals = refusals;
    }

    List<String> add(NewPullRequest request) {
        labels(request.labels());
        reviewers(Reviewers.of(request.reviewers(), owners));
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

    private interface NamesRequest {
        void send(List<String> names) throws IOException;
    }

    private void reviewers(Reviewers reviewers) {
        notes.addAll(reviewers.notes());
        request("The reviewer ", reviewers.users(), some -> pullRequest.requestReviewers(unfetched.users(some)));
        request("The team ", reviewers.teams(), some -> pullRequest.requestTeamReviewers(unfetched.teams(some)));
    }

    private void request(String what, List<String> names, NamesRequest request) {
        if (names.isEmpty()) {
            return;
        }
        try {
            request.send(names);
        } catch (IOException | RuntimeException e) {
            Optional<Answer> refusal = GitHubRefusals.answerIn(e).filter(answer -> answer.status() == 422);
            if (refusal.isEmpty()) {
                note(what + String.join(", ", names), e);
            } else if (names.size() == 1) {
                notes.add(
                        what + names.get(0) + " was not requested to review: nobody with access to this repository has"
                                + " this name, or may not review. Request the review on the pull request."
                                + refusals.quoted(refusal.get()));
            } else {
                names.forEach(each -> request(what, List.of(each), request));
            }
        }
    }

    /**
     * GitHub silently ignores who can't be assigned. It may list a bot by another login than the one that it was assigned
     * by, so a bot counts as assigned if there is an assignee whom the request doesn't name.
     */
    private void assignees(List<String> assignees) {
        if (assignees.isEmpty()) {
            return;
        }
        attempt("The assignees " + String.join(", ", assignees), () -> {
            pullRequest.addAssignees(unfetched.users(assignees));
            List<String> assigned =
                    pullRequest.getAssignees().stream().map(GHPerson::getLogin).toList();
            boolean other = assigned.stream().anyMatch(each -> !contains(assignees, each));
            for (String each : assignees) {
                if (!contains(assigned, each) && !(other && each.endsWith(BOT))) {
                    notes.add("The assignee " + each
                            + " was not added: nobody with access to this repository has this name. Correct the name,"
                            + " or give the user access, then retry.");
                }
            }
        });
    }

    private static boolean contains(List<String> logins, String login) {
        return logins.stream().anyMatch(login::equalsIgnoreCase);
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
