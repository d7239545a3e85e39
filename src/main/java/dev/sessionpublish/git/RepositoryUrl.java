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
 * The https URL of a repository on a forge in canonical form: lower-case host, no default port, no userinfo, no {@code
 * .git}, no trailing slash. URLs that different programs could interpret differently are rejected: percent-encoding,
 * backslashes, non-ASCII characters, dot segments, queries, fragments. This class does not check whether the host is
 * allowed.
 *
 * @param authority the host, with {@code :port} unless it is 443
 * @param owner the user or organization, as written
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
            throw new IllegalArgumentException("the parts are not those of a canonical repository URL");
        }
    }

    /**
     * Parses a URL that a user wrote. Userinfo is dropped. Error messages quote nothing of the text except the host and
     * path of an ssh URL.
     *
     * @throws RefusedException with {@code invalid-repo-url}
     */
    public static RepositoryUrl parse(String text) throws RefusedException {
        if (text.length() > MAX_LENGTH) {
            throw refused("exceeds " + MAX_LENGTH + " characters; " + FORM);
        }
        if (!text.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw refused("contains a space, a control character or a non-ASCII character; " + FORM);
        }
        if (text.indexOf('\\') >= 0 || text.indexOf('%') >= 0) {
            throw refused("contains a backslash or a percent sign; " + FORM);
        }
        if (!text.regionMatches(true, 0, "https://", 0, 8)) {
            Optional<String> form = httpsForm(text);
            throw refused("does not start with https://; " + (form.isPresent() ? "write " + form.get() : FORM));
        }
        if (text.indexOf('?') >= 0 || text.indexOf('#') >= 0) {
            throw refused("has a query or a fragment; " + FORM);
        }
        String rest = text.substring(8);
        int slash = rest.indexOf('/');
        if (slash < 0) {
            throw refused("has no path; " + FORM);
        }
        String host = rest.substring(rest.lastIndexOf('@', slash) + 1, slash);
        if (rest.substring(0, slash).chars().filter(c -> c == '@').count() > 1) {
            throw refused("contains more than one \"@\"; " + FORM);
        }
        String authority = authority(host).orElseThrow(() -> refused("has an invalid host or port; " + FORM));
        return path(authority, rest.substring(slash + 1));
    }

    private static RepositoryUrl path(String authority, String path) throws RefusedException {
        String[] parts = (path.endsWith("/") ? path.substring(0, path.length() - 1) : path).split("/", -1);
        if (parts.length != 2) {
            throw refused("does not have exactly two path parts, the owner and the name; " + FORM);
        }
        String name = parts[1].endsWith(".git") ? parts[1].substring(0, parts[1].length() - 4) : parts[1];
        if (!isPart(parts[0]) || !isName(name)) {
            throw refused(
                    "has an invalid owner or name (empty, too long, only dots, ending in .git.git, or with characters "
                            + "other than letters, digits, \".\", \"_\" and \"-\"); " + FORM);
        }
        return new RepositoryUrl(authority, parts[0], name);
    }

    /** The web URL: {@code https://HOST/OWNER/NAME}. */
    public String web() {
        return "https://" + authority + "/" + owner + "/" + name;
    }

    /** The URL for git's smart HTTP protocol: {@link #web} with {@code .git}. */
    public URI git() {
        return URI.create(web() + ".git");
    }

    @Override
    public String toString() {
        return web();
    }

    /**
     * The canonical form of {@code HOST} or {@code HOST:PORT}: lower case, without port 443. Empty if the text is
     * neither. A host is an ASCII DNS name or an IP address, with IPv6 in brackets.
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

    /** Ensures that {@link #git} neither throws nor returns a URI without a host. */
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
        return new RefusedException(SharedReason.INVALID_REPO_URL, "The repository URL " + what);
    }
}
