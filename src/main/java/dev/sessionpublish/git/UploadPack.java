package dev.sessionpublish.git;

import dev.sessionpublish.http.Credential;
import dev.sessionpublish.outcome.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;

/**
 * Reads a remote's default branch without its REST API, from the {@code symref=HEAD:} capability of the upload-pack
 * advertisement (git's gitprotocol-capabilities, protocol version 0).
 */
public final class UploadPack {
    private static final String SYMREF = "symref=HEAD:refs/heads/";

    private final CloseableHttpClient http;

    public UploadPack(CloseableHttpClient http) {
        this.http = http;
    }

    /**
     * @return empty if the repository has no commits, does not advertise the branch, or the name is invalid
     * @throws RefusedException auth, forbidden, not-found, rate-limited, network, server-error
     */
    public Optional<String> defaultBranch(RepositoryUrl repository, Credential credential) throws RefusedException {
        InfoRefs refs = new InfoRefs(http, "git-upload-pack", "read");
        return credential
                .send(token -> refs.ask(repository, token, UploadPack::symref))
                .content()
                .filter(name -> BranchName.problem(name).isEmpty());
    }

    /** Reads only the line of the first ref, which has the capabilities. */
    private static Optional<String> symref(InputStream in) throws IOException {
        PktLines lines = new PktLines(in);
        lines.next();
        lines.next();
        String first = new String(lines.next().orElse(new byte[0]), StandardCharsets.UTF_8);
        int nul = first.indexOf('\0');
        if (nul >= 0) {
            for (String capability : first.substring(nul + 1).trim().split(" ")) {
                if (capability.startsWith(SYMREF)) {
                    return Optional.of(capability.substring(SYMREF.length()));
                }
            }
        }
        return Optional.empty();
    }
}
