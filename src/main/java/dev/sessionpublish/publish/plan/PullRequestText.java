package dev.sessionpublish.publish.plan;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.outcome.Cut;
import dev.sessionpublish.outcome.SafeText;
import dev.sessionpublish.sandbox.Checkout;
import dev.sessionpublish.sandbox.LocatedSandbox;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Optional;

/**
 * Title and body of a pull request. Text of the spec is used as it is, without invisible characters and cut at the forge's
 * limits. Default text comes from the agent, so it can neither mention people nor close issues ({@link AgentText}); the
 * messages of the commits themselves stay as they are. Default text that is markup alone is no title: the next default is
 * used.
 *
 * @param title one line, not empty: at most 256 characters, 72 when defaulted
 * @param body Markdown of at most 65,536 characters
 */
public record PullRequestText(String title, String body) {
    private static final String TASK_TITLE = "sessionpublish.dev/task-title";
    private static final String SUMMARY = "sessionpublish.dev/summary";

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
     * What title and body are made of.
     *
     * @param taskTitle the task of the session
     * @param summary what the agent reports about its work, in Markdown
     * @param session name of the pod, sandbox or session
     * @param requestedBy who asked, where that is proven
     */
    @RecordBuilder
    @RecordBuilder.Options(enableGetters = false)
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

    /**
     * The text for the work of a checkout.
     *
     * @param startedBy who started the run, where that is proven
     */
    public static PullRequestText of(
            SessionPublish publish, Optional<String> startedBy, Checkout checkout, LocatedSandbox sandbox) {
        SessionPublishSpec spec = publish.getSpec();
        List<Commit> newest = checkout.newest().stream()
                .map(each -> new Commit(each.commit().abbreviated(), each.text()))
                .toList();
        int total = (int) Math.min(Integer.MAX_VALUE, checkout.commits().orElse(newest.size()));
        return of(PullRequestTextSourceBuilder.builder()
                .specTitle(Optional.ofNullable(spec.title()))
                .specBody(Optional.ofNullable(spec.body()))
                .taskTitle(Optional.ofNullable(sandbox.annotations().get(TASK_TITLE)))
                .summary(Optional.ofNullable(sandbox.annotations().get(SUMMARY)))
                .commits(new Commits(newest, Math.max(total, newest.size())))
                .session(sandbox.name())
                .requestedBy(startedBy)
                .namespace(publish.getMetadata().getNamespace())
                .name(publish.getMetadata().getName())
                .build());
    }

    /**
     * The text when the pull request is opened: what the spec says now, otherwise what was made with the push.
     *
     * @param kept from the push; empty when there is none
     */
    public static PullRequestText of(SessionPublish publish, Optional<PullRequestText> kept) {
        SessionPublishSpec spec = publish.getSpec();
        return new PullRequestText(
                Optional.ofNullable(spec.title())
                        .flatMap(PullRequestText::titleOf)
                        .or(() -> kept.map(PullRequestText::title))
                        .orElse("Agent updates for session "
                                + publish.getMetadata().getName()),
                Optional.ofNullable(spec.body())
                        .flatMap(PullRequestText::bodyOf)
                        .or(() -> kept.map(PullRequestText::body))
                        .orElse(""));
    }

    /** Whether a description ends with the footer of a publish of this name, as it is defaulted. */
    public static boolean isOf(String body, String namespace, String name) {
        return body.stripTrailing().endsWith(asPublish(namespace, name));
    }

    private static String asPublish(String namespace, String name) {
        return ", as SessionPublish " + AgentText.literal(namespace + "/" + name, 2 * MAX_NAME_BYTES) + ".";
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

    /** A title of the spec, as it goes to the forge; empty when it has no visible character. */
    static Optional<String> titleOf(String written) {
        return Optional.of(Cut.toLength(SafeText.line(written, Integer.MAX_VALUE), MAX_TITLE))
                .filter(title -> !title.isEmpty());
    }

    /** As {@link #titleOf}. */
    static Optional<String> bodyOf(String written) {
        return Optional.of(Cut.toLength(SafeText.paragraphs(written), MAX_BODY)).filter(body -> !body.isEmpty());
    }

    /** Empty when the text, or what of it fits, is markup alone. */
    private static Optional<String> defaultTitle(String text) {
        String whole = SafeText.line(text, 4 * MAX_TITLE);
        return Optional.of(Cut.toLength(AgentText.titled(whole, 4 * MAX_TITLE), MAX_DEFAULT_TITLE))
                .filter(title -> !AgentText.isMarkupAlone(title) && !AgentText.isMarkupAlone(whole));
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
        return body.append(asPublish(source.namespace, source.name))
                .append('\n')
                .toString();
    }

    /** Quoting makes a text longer, so the text is cut before it is quoted. */
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
