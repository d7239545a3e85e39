package dev.sessionpublish.git;

import dev.sessionpublish.http.ConnectionFailure;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.RefusedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;

/**
 * Asks a remote for its default branch without its REST API: the {@code symref=HEAD:} capability of the upload-pack
 * advertisement (git's gitprotocol-capabilities), protocol version 0.
 */
public final class UploadPack {
    private static final String SYMREF = "symref=HEAD:refs/heads/";

    private final CloseableHttpClient http;

    public UploadPack(CloseableHttpClient http) {
        this.http = http;
    }

    /**
     * @return empty when the repository has no commit, or doesn't say
     * @throws RefusedException auth, forbidden, not-found, rate-limited, network, server-error
     */
    public Optional<String> defaultBranch(RepositoryUrl repository, Token token) throws RefusedException {
        HttpGet get = new HttpGet(URI.create(repository.git() + "/info/refs?service=git-upload-pack"));
        get.setHeader("Authorization", token.basic());
        try {
            return Carried.through(() -> http.execute(get, response -> {
                if (response.getCode() != 200) {
                    throw new Carried(new HttpRefusal(token.redactor()).of(response, "read " + repository.git()));
                }
                return symref(response);
            }));
        } catch (IOException e) {
            throw ConnectionFailure.explain(e, repository.authority());
        }
    }

    /** Only the first ref's line, which carries the capabilities, is read. */
    private static Optional<String> symref(ClassicHttpResponse response) throws IOException {
        if (response.getEntity() == null) {
            throw new EOFException("the answer is empty");
        }
        try (InputStream in = response.getEntity().getContent()) {
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
}
