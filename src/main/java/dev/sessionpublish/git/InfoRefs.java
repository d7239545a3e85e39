package dev.sessionpublish.git;

import dev.sessionpublish.http.Api;
import dev.sessionpublish.http.ConnectionFailure;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.Redactor;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import dev.sessionpublish.outcome.SharedReason;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/**
 * Requests the refs of a service from a remote ({@code GET info/refs} in git's gitprotocol-http, protocol version 0).
 * Follows at most three redirects, and only on the same host, so that the credential is sent to no other host.
 */
final class InfoRefs {
    private static final int MAX_REDIRECTS = 3;
    private static final long MAX_BYTES = 256L << 20;

    private final CloseableHttpClient http;
    private final String service;
    private final String purpose;

    /** @param repository the URL of the repository after redirects */
    record Found<T>(URI repository, T content) {}

    /** Parses the body of the response. */
    @FunctionalInterface
    interface Reader<T> {
        T read(InputStream body) throws IOException, RefusedException;
    }

    /**
     * @param service {@code git-receive-pack} or {@code git-upload-pack}
     * @param purpose the operation, for error messages: "push to"
     */
    InfoRefs(CloseableHttpClient http, String service, String purpose) {
        this.http = http;
        this.service = service;
        this.purpose = purpose;
    }

    /** @throws RefusedException auth, forbidden, sso-required, archived, read-only, not-found, rate-limited, network, server-error */
    <T> Found<T> ask(RepositoryUrl repository, Token token, Reader<T> reader) throws RefusedException {
        URI at = repository.git();
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            Hop<T> answer = hop(at, token, reader);
            if (answer.content().isPresent()) {
                return new Found<>(at, answer.content().get());
            }
            at = answer.next();
        }
        throw new RefusedException(
                SharedReason.NOT_FOUND,
                "The URL " + repository + " redirects more than " + MAX_REDIRECTS
                        + " times. Create a new project with the repository's current URL.");
    }

    private record Hop<T>(Optional<T> content, URI next) {}

    private <T> Hop<T> hop(URI repository, Token token, Reader<T> reader) throws RefusedException {
        HttpGet get = new HttpGet(URI.create(repository + suffix()));
        get.setHeader("Authorization", token.basic());
        get.setHeader("Accept", type());
        try {
            return RefusedIOException.unwrap(() -> http.execute(get, Api.GIT.context(), response -> {
                try {
                    return answer(response, repository, token, reader);
                } catch (RefusedException e) {
                    throw new RefusedIOException(e);
                }
            }));
        } catch (GitProtocolException e) {
            throw new RefusedException(
                    SharedReason.SERVER_ERROR,
                    "The server at " + repository + " does not follow git's smart HTTP protocol: "
                            + line(token.redactor(), String.valueOf(e.getMessage()))
                            + ". Check the project's spec.repository.");
        } catch (EOFException e) {
            throw new RefusedException(
                    SharedReason.NETWORK,
                    "The list of refs from " + repository + " ended early. Check the network and the proxy.");
        } catch (IOException e) {
            throw ConnectionFailure.explain(e, repository.getAuthority());
        }
    }

    private <T> Hop<T> answer(ClassicHttpResponse response, URI repository, Token token, Reader<T> reader)
            throws IOException, RefusedException {
        int status = response.getCode();
        if (status >= 300 && status < 400 && response.containsHeader("Location")) {
            return new Hop<>(
                    Optional.empty(), redirected(response.getFirstHeader("Location"), repository, token.redactor()));
        }
        if (status != 200) {
            throw new HttpRefusal(token.redactor()).of(response, purpose + " " + repository);
        }
        requireType(response, type());
        try (InputStream body = new BoundedInput(response.getEntity().getContent(), MAX_BYTES)) {
            return new Hop<>(Optional.of(reader.read(body)), repository);
        }
    }

    private URI redirected(Header location, URI from, Redactor redactor) throws RefusedException {
        String value = String.valueOf(location.getValue());
        return follow(from, suffix(), value)
                .orElseThrow(() -> new RefusedException(
                        SharedReason.NOT_FOUND,
                        "The repository redirects to " + line(redactor, value)
                                + ", which is not a repository on the same host."
                                + " Create a new project with the repository's current URL."));
    }

    /**
     * The target of a redirect.
     *
     * @param suffix the suffix of the requested URL and of the target
     * @return the repository's URL; empty if it is not an https URL of the same host and port
     */
    static Optional<URI> follow(URI from, String suffix, String location) {
        try {
            URI to = URI.create(from + suffix).resolve(location);
            String text = to.toString();
            Optional<String> authority =
                    Optional.ofNullable(to.getRawAuthority()).flatMap(RepositoryUrl::authority);
            return "https".equalsIgnoreCase(to.getScheme())
                            && authority.isPresent()
                            && authority.equals(RepositoryUrl.authority(from.getRawAuthority()))
                            && text.endsWith(suffix)
                    ? Optional.of(URI.create(text.substring(0, text.length() - suffix.length())))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** @throws GitProtocolException if the response has another content type, or none */
    static void requireType(ClassicHttpResponse response, String type) throws GitProtocolException {
        HttpEntity entity = response.getEntity();
        if (entity == null
                || entity.getContentType() == null
                || !entity.getContentType().startsWith(type)) {
            throw new GitProtocolException("the response's content type is not " + type);
        }
    }

    private String suffix() {
        return "/info/refs?service=" + service;
    }

    private String type() {
        return "application/x-" + service + "-advertisement";
    }

    private static String line(Redactor redactor, String text) {
        return SafeText.line(redactor.redact(text), 300);
    }
}
