package dev.sessionpublish.publish;

import dev.sessionpublish.outcome.Cut;
import dev.sessionpublish.outcome.SafeText;
import java.util.List;
import java.util.Optional;

/**
 * Title and body of a pull request. What the user wrote in the spec is taken as it is, cleaned of characters that can't
 * be seen and cut at the forge's limits. What is made up for want of it comes from the agent, and so can neither
 * mention people nor close issues ({@link AgentText}); the messages of the commits themselves are not changed by this.
 *
 * @param title one line, not empty: at most 256 characters, 72 when defaulted
 * @param body Markdown of at most 65,536 characters
 */
public record PullRequestText(String title, String body) {
    /** Limits are in UTF-16 units, which is never less than what a forge counts as characters. */
    static final int MAX_TITLE = 256;

    static final int MAX_DEFAULT_TITLE = 72;
    static final int MAX_BODY = 65_536;

    private static final int MAX_SUMMARY = 36_000;
    private static final int MAX_COMMITS = 18_000;
    private static final int MAX_LISTED = 50;
    private static final int MAX_SUBJECT_BYTES = 200;
    private static final int MAX_NAME_BYTES = 253;

    /** @param abbreviatedId for a person to read, at least seven digits */
    public record Commit(String abbreviatedId, String subject) {}

    /**
     * @param newestFirst the commits that the pull request adds, or the newest of them
     * @param total how many there are, at least as many as are given; the given count when it isn't known
     */
    public record Commits(List<Commit> newestFirst, int total) {
        public Commits {
            newestFirst = List.copyOf(newestFirst);
            total = Math.max(total, newestFirst.size());
        }
    }

    /**
     * @param specTitle of the spec
     * @param specBody of the spec
     * @param taskTitle what the session was asked to do
     * @param summary what the agent says of its work, in Markdown
     * @param session the pod, sandbox or session
     * @param requestedBy who asked, where that is proven
     */
    public record Source(
            Optional<String> specTitle,
            Optional<String> specBody,
            Optional<String> taskTitle,
            Optional<String> summary,
            Commits commits,
            String session,
            Optional<String> requestedBy,
            String namespace,
            String name) {}

    public static PullRequestText of(Source source) {
        return new PullRequestText(title(source), body(source));
    }

    private static String title(Source source) {
        return source.specTitle
                .flatMap(PullRequestText::titleOf)
                .or(() -> source.taskTitle.flatMap(PullRequestText::defaultTitle))
                .or(() ->
                        source.commits.newestFirst.stream().findFirst().flatMap(commit -> defaultTitle(commit.subject)))
                .or(() -> defaultTitle("Agent updates for session " + source.session))
                .orElse("Agent updates");
    }

    /** What a user has written, as it goes to the forge; empty when nothing of it can be seen. */
    static Optional<String> titleOf(String written) {
        return Optional.of(Cut.toLength(SafeText.line(written, Integer.MAX_VALUE), MAX_TITLE))
                .filter(title -> !title.isEmpty());
    }

    /** As {@link #titleOf}. */
    static Optional<String> bodyOf(String written) {
        return Optional.of(Cut.toLength(SafeText.paragraphs(written), MAX_BODY)).filter(body -> !body.isEmpty());
    }

    private static Optional<String> defaultTitle(String text) {
        return Optional.of(Cut.toLength(AgentText.titled(text, 4 * MAX_TITLE), MAX_DEFAULT_TITLE))
                .filter(title -> !title.isEmpty());
    }

    private static String body(Source source) {
        return source.specBody
                .flatMap(PullRequestText::bodyOf)
                .orElseGet(() -> Cut.toLength(defaultBody(source), MAX_BODY));
    }

    private static String defaultBody(Source source) {
        StringBuilder body = new StringBuilder();
        source.summary
                .map(PullRequestText::summary)
                .filter(summary -> !summary.isEmpty())
                .ifPresent(summary -> body.append(summary).append("\n\n"));
        if (!source.commits.newestFirst.isEmpty()) {
            body.append(commits(source.commits)).append('\n');
        }
        body.append("---\nPublished from session ").append(AgentText.literal(source.session, MAX_NAME_BYTES));
        source.requestedBy.ifPresent(
                who -> body.append(", requested by ").append(AgentText.literal(who, MAX_NAME_BYTES)));
        return body.append(", as SessionPublish ")
                .append(AgentText.literal(source.namespace + "/" + source.name, 2 * MAX_NAME_BYTES))
                .append(".\n")
                .toString();
    }

    /** Quoting makes a text longer: as much of it as fits, so that what is cut is the text and not the quoting. */
    private static String summary(String text) {
        int max = MAX_SUMMARY;
        String quoted = AgentText.quoted(Cut.toLength(text, max));
        while (quoted.length() > MAX_SUMMARY) {
            max = max * 2 / 3;
            quoted = AgentText.quoted(Cut.toLength(text, max));
        }
        return quoted;
    }

    private static String commits(Commits commits) {
        StringBuilder list = new StringBuilder("Commits, newest first:\n\n");
        int listed = 0;
        for (Commit each : commits.newestFirst) {
            String line = "- " + AgentText.literal(each.abbreviatedId, 64) + " "
                    + AgentText.literal(each.subject, MAX_SUBJECT_BYTES);
            if (listed == MAX_LISTED || list.length() + line.length() > MAX_COMMITS) {
                break;
            }
            list.append(line.stripTrailing()).append('\n');
            listed++;
        }
        int more = commits.total - listed;
        return more > 0 ? list.append("- … and ").append(more).append(" more\n").toString() : list.toString();
    }
}
