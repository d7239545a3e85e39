package dev.sessionpublish.forge.github;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sessionpublish.forge.AppKey;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.http.RestApi;
import dev.sessionpublish.outcome.Redactor;
import dev.sessionpublish.outcome.RefusedException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.StringEntity;

/**
 * Sends requests that are authenticated by a {@link AppJwt}. If GitHub rejects one (401), it is sent once more with a JWT
 * that is signed for the time of GitHub's clock, because the own clock may be wrong. Not thread-safe.
 */
final class AppRequests {
    private final RestApi api;
    private final AppKey key;
    private final Clock clock;
    private Duration skew = Duration.ZERO;
    private final List<String> sent = new ArrayList<>();

    AppRequests(RestApi api, AppKey key, Clock clock) {
        this.api = api;
        this.key = key;
        this.clock = clock;
    }

    Answer get(URI uri) throws RefusedException {
        return send(() -> new HttpGet(uri));
    }

    Answer post(URI uri, ObjectNode body) throws RefusedException {
        return send(() -> {
            HttpPost post = new HttpPost(uri);
            post.setEntity(new StringEntity(body.toString(), ContentType.APPLICATION_JSON));
            return post;
        });
    }

    /** Quotes GitHub's answers without the JWTs sent so far and the private key. */
    GitHubQuotes quotes() {
        return new GitHubQuotes(Redactor.both(new Redactor(sent), key.redactor()));
    }

    private Answer send(Supplier<HttpUriRequestBase> request) throws RefusedException {
        Answer answer = exchange(request.get());
        Optional<Instant> forgeTime = answer.date();
        if (answer.status() != 401 || forgeTime.isEmpty()) {
            return answer;
        }
        skew = Duration.between(clock.instant(), forgeTime.get());
        return exchange(request.get());
    }

    private Answer exchange(HttpUriRequestBase request) throws RefusedException {
        String jwt = AppJwt.sign(key, clock.instant().plus(skew));
        sent.add(jwt);
        request.setHeader(HttpHeaders.AUTHORIZATION, "Bearer " + jwt);
        request.setHeader(HttpHeaders.ACCEPT, "application/vnd.github+json");
        return api.exchange(request);
    }

    /** The body of a request for a token: of one repository, by its id if that is known. */
    static ObjectNode scope(String repository, long id, Map<String, String> permissions) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (id > 0) {
            body.putArray("repository_ids").add(id);
        } else {
            body.putArray("repositories").add(repository);
        }
        ObjectNode wanted = body.putObject("permissions");
        permissions.forEach(wanted::put);
        return body;
    }
}
