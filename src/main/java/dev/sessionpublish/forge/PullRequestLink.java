package dev.sessionpublish.forge;

import dev.sessionpublish.git.BranchName;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.PercentEncoding;
import dev.sessionpublish.outcome.Cut;
import dev.sessionpublish.outcome.SafeText;
import java.nio.charset.StandardCharsets;

/**
 * How a person opens a pull request that the operator could not: a link to the forge's form, filled in, and a command.
 * Both are bounded: the body is shortened first, then the title, each between two characters, never the branches.
 * Neither carries a control or invisible character.
 *
 * @param title one line
 */
public record PullRequestLink(
        ForgeKind kind, RepositoryUrl repository, BranchName base, BranchName head, String title, String body) {
    /** In bytes; the link is ASCII. */
    public static final int MAX_URL = 8_000;

    /** In bytes, of the link where there is little room. */
    public static final int MAX_SHORT_URL = 900;

    /** In bytes of UTF-8. */
    public static final int MAX_COMMAND = 8_192;

    public PullRequestLink {
        title = SafeText.line(title, Integer.MAX_VALUE);
        body = SafeText.paragraphs(body);
    }

    /** The compare page of GitHub, which Gitea and Forgejo have at the same place, with the same parameters. */
    public String url() {
        return url(MAX_URL);
    }

    /** The same with less of body and title; longer than {@link #MAX_SHORT_URL} only when the branches alone are. */
    public String shortUrl() {
        return url(MAX_SHORT_URL);
    }

    private String url(int max) {
        String pair = repository.web() + "/compare/" + PercentEncoding.ofPath(base.value()) + "..."
                + PercentEncoding.ofPath(head.value()) + "?expand=1";
        String withTitle = with(pair, "&title=", title, max);
        return with(withTitle, "&body=", body, max);
    }

    /** For a POSIX shell, by the tool of the forge's own people: each value is one argument, whatever is in it. */
    public String command() {
        Tool tool = tool();
        String start = tool.create() + " --repo " + quoted(tool.repository()) + " --base " + quoted(base.value())
                + " --head " + quoted(head.value()) + " --title ";
        String end = tool.bodyOption();
        int room = MAX_COMMAND - bytes(start) - bytes(end) - 4;
        String shortTitle = Cut.to(title, room, PullRequestLink::quotedSize);
        String shortBody = Cut.to(body, room - quotedSize(shortTitle), PullRequestLink::quotedSize);
        return start + quoted(shortTitle) + end + quoted(shortBody);
    }

    /** @param repository as the tool wants it: {@code tea} takes the host from whom it is logged in as */
    private record Tool(String create, String repository, String bodyOption) {}

    private Tool tool() {
        return switch (kind) {
            case GITHUB -> new Tool("gh pr create", repository.web(), " --body ");
            case GITEA, FORGEJO ->
                new Tool("tea pulls create", repository.owner() + "/" + repository.name(), " --description ");
        };
    }

    private static String with(String url, String parameter, String value, int max) {
        int room = max - url.length() - parameter.length();
        String fitting = Cut.to(value, room, part -> PercentEncoding.of(part).length());
        return fitting.isEmpty() ? url : url + parameter + PercentEncoding.of(fitting);
    }

    private static String quoted(String argument) {
        return "'" + escaped(argument) + "'";
    }

    /** A quote can't stand within single quotes: they end, it follows escaped, they begin again. */
    private static String escaped(String argument) {
        return argument.replace("'", "'\\''");
    }

    private static int quotedSize(String part) {
        return bytes(escaped(part));
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
