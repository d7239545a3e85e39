package dev.sessionpublish.git;

import java.net.URI;

/**
 * The https URL of a repository on a forge, in its canonical form: lower-case host, no default port, no userinfo, no
 * {@code .git}, no trailing slash.
 *
 * @param authority host, with {@code :port} where it isn't 443
 * @param owner the user or organisation, as written
 * @param name the repository, as written, without {@code .git}
 */
public record RepositoryUrl(String authority, String owner, String name) {

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
}
