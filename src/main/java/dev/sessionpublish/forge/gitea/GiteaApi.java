package dev.sessionpublish.forge.gitea;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.http.Credential;
import dev.sessionpublish.http.PercentEncoding;
import dev.sessionpublish.http.RestApi;
import dev.sessionpublish.outcome.RefusedException;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;

/**
 * The REST API of one repository with one credential. A renamed repository answers requests with a redirect. The API
 * then reads the new name, below its own root, and sends the request again.
 *
 * <p>The credential is sent as {@code Authorization: token …}, as the documentation of both forges describes it for
 * access tokens. They also accept {@code Bearer}.
 */
final class GiteaApi {
    private static final int MOST_REDIRECTS = 3;
    private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}/)[\\w.-]+/(?!\\.{1,2}$)[\\w.-]+");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RestApi api;
    private final Credential credential;
    private final GiteaRefusals refusals;
    private final String firstOwner;
    private String canonical;

    GiteaApi(RestApi api, RepositoryUrl repository, Credential credential, GiteaRefusals refusals) {
        this.api = api;
        this.credential = credential;
        this.refusals = refusals;
        this.firstOwner = repository.owner();
        this.canonical = repository.owner() + "/" + repository.name();
    }

    /** The {@code OWNER/NAME} that the forge last reported. */
    String canonical() {
        return canonical;
    }

    /** The names of the owner: the one in the repository's URL and the one that the forge last reported. */
    Set<String> owners() {
        return Set.copyOf(List.of(firstOwner, canonical.substring(0, canonical.indexOf('/'))));
    }

    /** Reads the repository. Later requests use the name in the response. */
    GiteaJson.Repository repository() throws RefusedException {
        URI uri = uri("");
        Answer answer = exchange("GET", uri, null);
        for (int hops = 0; answer.isRedirect() && hops < MOST_REDIRECTS; hops++) {
            uri = api.target(uri, answer);
            answer = exchange("GET", uri, null);
        }
        if (!answer.isSuccess()) {
            throw refusals.of(answer);
        }
        GiteaJson.Repository found = read(answer, new TypeReference<>() {});
        String name = found.fullName();
        if (name == null || !NAME.matcher(name).matches()) {
            throw refusals.unreadable();
        }
        canonical = name;
        return found;
    }

    /** The login of the credential's user; empty if the credential may not read it. */
    Optional<String> login() throws RefusedException {
        Answer answer = exchange("GET", URI.create(api.root() + "/user"), null);
        if (answer.status() == 403 || answer.status() == 404) {
            return Optional.empty();
        }
        if (!answer.isSuccess()) {
            throw refusals.of(answer);
        }
        return Optional.ofNullable(
                read(answer, new TypeReference<GiteaJson.User>() {}).login());
    }

    /** @param path below the repository, percent-encoded, with query */
    Answer get(String path) throws RefusedException {
        return send("GET", path, null);
    }

    /** @param path as in {@link #get} */
    Answer send(String method, String path, @Nullable Object body) throws RefusedException {
        Answer answer = exchange(method, uri(path), body);
        if (!answer.isRedirect()) {
            return answer;
        }
        repository();
        return exchange(method, uri(path), body);
    }

    /** @throws RefusedException {@code server-error} if the response has another form */
    <T> T read(Answer answer, TypeReference<T> type) throws RefusedException {
        try {
            T read = JSON.readValue(answer.body(), type);
            if (read != null) {
                return read;
            }
        } catch (IOException e) {
            // Reported below without the exception's message, which quotes the response.
        }
        throw refusals.unreadable();
    }

    private URI uri(String path) {
        return URI.create(api.root() + "/repos/" + PercentEncoding.ofPath(canonical) + path);
    }

    private Answer exchange(String method, URI uri, @Nullable Object body) throws RefusedException {
        HttpUriRequestBase request = new HttpUriRequestBase(method, uri);
        request.setHeader(
                HttpHeaders.AUTHORIZATION, "token " + credential.token().value());
        request.setHeader(HttpHeaders.ACCEPT, ContentType.APPLICATION_JSON.getMimeType());
        if (body != null) {
            request.setEntity(new ByteArrayEntity(bytes(body), ContentType.APPLICATION_JSON));
        }
        return api.exchange(request);
    }

    private static byte[] bytes(Object body) {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
