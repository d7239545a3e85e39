package dev.sessionpublish.forge;

import dev.sessionpublish.git.BranchName;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.PercentEncoding;
import dev.sessionpublish.outcome.Cut;
import dev.sessionpublish.outcome.SafeText;
import java.nio.charset.StandardCharsets;

/**
 * How a user opens a pull request that the operator could not open: a link to the forge's form with the fields filled
 * in, and a command. Both are bounded: the body is shortened first, then the title, but never the branches. Neither
 * contains control or invisible characters.
 *
 * @param title one line
 */
public record PullRequestLink(
        ForgeKind kind, RepositoryUrl repository, BranchName base, BranchName head, String title, String body) {
    /** The limit of the link in bytes. The link is ASCII. */
    public static final int MAX_URL = 8_000;

    /** The limit in bytes of the link where space is limited. */
    public static final int MAX_SHORT_URL = 900;

    /** The limit of the command in bytes of UTF-8. */
    public static final int MAX_COMMAND = 8_192;

    public PullRequestLink {
        title = SafeText.line(title, Integer.MAX_VALUE);
        body = SafeText.paragraphs(body);
    }

    /** The URL of the compare page, which GitHub, Gitea and Forgejo have at the same path with the same parameters. */
    public String url() {
        return url(MAX_URL);
    }

    /**
     * Like {@link #url}, with a shorter body and title. Longer than {@link #MAX_SHORT_URL} only if the branches are.
     */
    public String shortUrl() {
        return url(MAX_SHORT_URL);
    }

    private String url(int max) {
        String pair = repository.web() + "/compare/" + PercentEncoding.ofPath(base.value()) + "..."
                + PercentEncoding.ofPath(head.value()) + "?expand=1";
        String withTitle = with(pair, "&title=", title, max);
        return with(withTitle, "&body=", body, max);
    }

    /** A command for a POSIX shell with the forge's own command-line tool. Each value is quoted as one argument. */
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

    /** @param repository the repository argument; {@code tea} takes the host from its login */
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

    /** Escapes single quotes, which can't appear within single quotes. */
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
