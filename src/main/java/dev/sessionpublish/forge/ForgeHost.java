package dev.sessionpublish.forge;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A host that the cluster administrator allows.
 *
 * @param authority lower-case host, with {@code :port} unless it is 443, as in {@code RepositoryUrl.authority}
 * @param apiUrl the root of its REST API, such as {@code https://api.github.com} or {@code https://HOST/api/v3}; https
 *     only
 * @param caBundle PEM certificates of a private CA to trust instead of the JVM's; for {@code lfsHosts} besides the JVM's
 * @param lfsHosts authorities that LFS objects may be sent to: the host itself and its object storage
 */
public record ForgeHost(String authority, ForgeKind kind, URI apiUrl, Optional<Path> caBundle, Set<String> lfsHosts) {
    /** GitHub documents the object storage's two names; its LFS server names itself lfs.github.com. */
    public static final ForgeHost GITHUB_COM = new ForgeHost(
            "github.com",
            ForgeKind.GITHUB,
            URI.create("https://api.github.com"),
            Optional.empty(),
            Set.of(
                    "github.com",
                    "lfs.github.com",
                    "github-cloud.s3.amazonaws.com",
                    "github-cloud.githubusercontent.com"));

    /** The names of the hosts of git and of the REST API, without ports. */
    public Set<String> ownHosts() {
        Set<String> own = new LinkedHashSet<>();
        own.add(URI.create("https://" + authority).getHost());
        own.add(apiUrl.getHost().toLowerCase(Locale.ROOT));
        return own;
    }
}
