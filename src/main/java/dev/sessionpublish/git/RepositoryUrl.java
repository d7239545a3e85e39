package dev.sessionpublish.git;

import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The https URL of a repository on a forge, in its canonical form: lower-case host, no default port, no userinfo, no
 * {@code .git}, no trailing slash. Everything that two programs could read differently is refused: percent-encoding,
 * backslashes, characters beyond ASCII, dot segments, queries, fragments. Whether the host may be talked to is not
 * decided here.
 *
 * @param authority host, with {@code :port} where it isn't 443
 * @param owner the user or organisation, as written
 * @param name the repository, as written, without {@code .git}
 */
public record RepositoryUrl(String authority, String owner, String name) {
    private static final int MAX_LENGTH = 1024;
    private static final String FORM = "write it as https://HOST/OWNER/NAME";
    private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern HOST = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*|\\[[0-9a-f:.]{2,45}]");
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[^]]*]|[^:]*)(?::(.*))?");
    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9._-]{1,100}");
    private static final Pattern SSH =
            Pattern.compile("(?i:git\\+ssh|ssh|git)://(?:[^@/]*@)?([^:/@]+)(?::[0-9]+)?/(.*)");
    private static final Pattern SCP = Pattern.compile("(?:[^@/:]+@)?([^:/@]+):(?!//)/?(.*)");

    public RepositoryUrl {
        if (authority(authority).filter(authority::equals).isEmpty() || !isPart(owner) || !isName(name)) {
            throw new IllegalArgumentException("not the canonical parts of a repository's URL");
        }
    }

    /**
     * Reads what a person wrote. Userinfo is dropped; no message repeats it, or anything else of the text but the host
     * and path of an ssh form.
     *
     * @throws RefusedException with {@code invalid-repo-url}
     */
    public static RepositoryUrl parse(String text) throws RefusedException {
        if (text.length() > MAX_LENGTH) {
            throw refused("is longer than " + MAX_LENGTH + " characters; " + FORM);
        }
        if (!text.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw refused("contains a space, a control character or a character beyond ASCII; " + FORM);
        }
        if (text.indexOf('\\') >= 0 || text.indexOf('%') >= 0) {
            throw refused("contains a backslash or a percent sign; " + FORM);
        }
        if (!text.regionMatches(true, 0, "https://", 0, 8)) {
            throw refused("does not begin with https://; "
                    + httpsForm(text).map(form -> "write " + form).orElse(FORM));
        }
        if (text.indexOf('?') >= 0 || text.indexOf('#') >= 0) {
            throw refused("has a query or a fragment; " + FORM);
        }
        String rest = text.substring(8);
        int slash = rest.indexOf('/');
        if (slash < 0) {
            throw refused("names no repository; " + FORM);
        }
        String host = rest.substring(rest.lastIndexOf('@', slash) + 1, slash);
        if (rest.substring(0, slash).chars().filter(c -> c == '@').count() > 1) {
            throw refused("contains more than one \"@\"; " + FORM);
        }
        String authority = authority(host).orElseThrow(() -> refused("has a host or port that is not one; " + FORM));
        return path(authority, rest.substring(slash + 1));
    }

    private static RepositoryUrl path(String authority, String path) throws RefusedException {
        String[] parts = (path.endsWith("/") ? path.substring(0, path.length() - 1) : path).split("/", -1);
        if (parts.length != 2) {
            throw refused("does not have exactly an owner and a name after the host; " + FORM);
        }
        String name = parts[1].endsWith(".git") ? parts[1].substring(0, parts[1].length() - 4) : parts[1];
        if (!isPart(parts[0]) || !isName(name)) {
            throw refused("has an owner or a name that is empty, is too long, consists of dots, ends twice in .git, or "
                    + "contains other characters than letters, digits, \".\", \"_\" and \"-\"; " + FORM);
        }
        return new RepositoryUrl(authority, parts[0], name);
    }

    /** What users see and click: {@code https://HOST/OWNER/NAME}. */
    public String web() {
        return "https://" + authority + "/" + owner + "/" + name;
    }

    /** What git's smart HTTP speaks to: {@link #web} with {@code .git}. */
    public URI git() {
        return URI.create(web() + ".git");
    }

    @Override
    public String toString() {
        return web();
    }

    /**
     * The canonical form of {@code HOST} or {@code HOST:PORT}: lower case, without port 443. Empty when it is neither:
     * a host is a DNS name, its letters in ASCII, or an IP address, IPv6 in brackets.
     */
    public static Optional<String> authority(String text) {
        Matcher authority = AUTHORITY.matcher(text);
        if (!authority.matches()) {
            return Optional.empty();
        }
        String host = authority.group(1).toLowerCase(Locale.ROOT);
        String port = authority.group(2);
        if (host.length() > 253 || !HOST.matcher(host).matches() || !isHostToJava(host)) {
            return Optional.empty();
        }
        if (port == null || port.equals("443")) {
            return Optional.of(host);
        }
        return PORT.matcher(port).matches() && Integer.parseInt(port) <= 65535
                ? Optional.of(host + ":" + port)
                : Optional.empty();
    }

    /** So that {@link #git} can't throw, nor yield a URI without a host. */
    private static boolean isHostToJava(String host) {
        try {
            return new URI("https://" + host).getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static Optional<String> httpsForm(String text) {
        for (Pattern form : new Pattern[] {SSH, SCP}) {
            Matcher ssh = form.matcher(text);
            if (ssh.matches() && authority(ssh.group(1)).isPresent()) {
                try {
                    return Optional.of(
                            path(authority(ssh.group(1)).get(), ssh.group(2)).web());
                } catch (RefusedException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isPart(String text) {
        return PART.matcher(text).matches() && !text.chars().allMatch(c -> c == '.');
    }

    private static boolean isName(String text) {
        return isPart(text) && !text.toLowerCase(Locale.ROOT).endsWith(".git");
    }

    private static RefusedException refused(String what) {
        return new RefusedException(SharedReason.INVALID_REPO_URL, "the repository's URL " + what);
    }
}
