package dev.sessionpublish.embedded;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A pull request as stored. {@code headCommit} is the branch's tip, or what it was when the pull request ended. */
public record GitHubPull(
        int number,
        String title,
        String body,
        String author,
        String headBranch,
        String headCommit,
        String baseBranch,
        String baseCommit,
        boolean draft,
        boolean open,
        Optional<String> mergeCommit,
        Instant createdAt,
        Optional<Instant> closedAt,
        List<String> labels,
        List<String> reviewers,
        List<String> teams,
        List<String> assignees) {

    public boolean merged() {
        return mergeCommit.isPresent();
    }

    public String state() {
        return open ? draft ? "draft" : "open" : merged() ? "merged" : "closed";
    }

    /** For a person to read. */
    public String render(String repository) {
        StringBuilder text = new StringBuilder()
                .append(repository)
                .append('#')
                .append(number)
                .append("  ")
                .append(title)
                .append("  [")
                .append(state())
                .append("]\n")
                .append(author)
                .append(" wants to merge ")
                .append(headBranch)
                .append(" (")
                .append(headCommit, 0, 10)
                .append(") into ")
                .append(baseBranch)
                .append('\n');
        line(text, "labels", labels);
        line(text, "reviewers", reviewers);
        line(text, "assignees", assignees);
        if (!body.isBlank()) {
            text.append('\n').append(body.stripTrailing().indent(2));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, List<String> values) {
        if (!values.isEmpty()) {
            text.append(name).append(": ").append(String.join(", ", values)).append('\n');
        }
    }

    GitHubPull at(String head, String base) {
        return with(title, body, head, baseBranch, base, open, mergeCommit, closedAt);
    }

    GitHubPull edited(String newTitle, String newBody, String newBase) {
        return with(newTitle, newBody, headCommit, newBase, baseCommit, open, mergeCommit, closedAt);
    }

    GitHubPull ended(Optional<String> merge, Instant when) {
        return with(title, body, headCommit, baseBranch, baseCommit, false, merge, Optional.of(when));
    }

    GitHubPull reopened() {
        return with(title, body, headCommit, baseBranch, baseCommit, true, mergeCommit, Optional.empty());
    }

    GitHubPull drafted(boolean isDraft) {
        return like(number, isDraft);
    }

    GitHubPull numbered(int other) {
        return like(other, draft);
    }

    private GitHubPull like(int otherNumber, boolean isDraft) {
        return new GitHubPull(
                otherNumber,
                title,
                body,
                author,
                headBranch,
                headCommit,
                baseBranch,
                baseCommit,
                isDraft,
                open,
                mergeCommit,
                createdAt,
                closedAt,
                labels,
                reviewers,
                teams,
                assignees);
    }

    private GitHubPull with(
            String newTitle,
            String newBody,
            String head,
            String newBase,
            String base,
            boolean nowOpen,
            Optional<String> merge,
            Optional<Instant> closed) {
        return new GitHubPull(
                number,
                newTitle,
                newBody,
                author,
                headBranch,
                head,
                newBase,
                base,
                draft,
                nowOpen,
                merge,
                createdAt,
                closed,
                labels,
                reviewers,
                teams,
                assignees);
    }

    GitHubPull with(
            List<String> newLabels, List<String> newReviewers, List<String> newTeams, List<String> newAssignees) {
        return new GitHubPull(
                number,
                title,
                body,
                author,
                headBranch,
                headCommit,
                baseBranch,
                baseCommit,
                draft,
                open,
                mergeCommit,
                createdAt,
                closedAt,
                List.copyOf(newLabels),
                List.copyOf(newReviewers),
                List.copyOf(newTeams),
                List.copyOf(newAssignees));
    }
}
