package dev.sessionpublish.publish;

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
public record ManualLink(RepositoryUrl repository, BranchName base, BranchName head, String title, String body) {
    /** In bytes; the link is ASCII. */
    public static final int MAX_URL = 8_000;

    /** In bytes of UTF-8. */
    public static final int MAX_COMMAND = 8_192;

    public ManualLink {
        title = SafeText.line(title, Integer.MAX_VALUE);
        body = SafeText.paragraphs(body);
    }

    /** The compare page of GitHub, which Gitea and Forgejo have at the same place. */
    public String url() {
        String pair = repository.web() + "/compare/" + PercentEncoding.ofPath(base.value()) + "..."
                + PercentEncoding.ofPath(head.value()) + "?expand=1";
        String withTitle = with(pair, "&title=", title);
        return with(withTitle, "&body=", body);
    }

    /** {@code gh pr create …} for a POSIX shell: each value is one argument, whatever is in it. */
    public String command() {
        String start = "gh pr create --repo " + quoted(repository.web()) + " --base " + quoted(base.value())
                + " --head " + quoted(head.value()) + " --title ";
        String end = " --body ";
        int room = MAX_COMMAND - bytes(start) - bytes(end) - 4;
        String shortTitle = Cut.to(title, room, ManualLink::quotedSize);
        String shortBody = Cut.to(body, room - quotedSize(shortTitle), ManualLink::quotedSize);
        return start + quoted(shortTitle) + end + quoted(shortBody);
    }

    private static String with(String url, String parameter, String value) {
        int room = MAX_URL - url.length() - parameter.length();
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
