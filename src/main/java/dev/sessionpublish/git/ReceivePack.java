package dev.sessionpublish.git;

import dev.sessionpublish.http.ConnectionFailure;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Pushes to a forge over git's smart HTTP protocol (git's gitprotocol-http, protocol version 0), streaming a pack made
 * elsewhere. The credential travels in the {@code Authorization} header of these two requests and nowhere else.
 */
public final class ReceivePack {
    private static final String SERVICE = "git-receive-pack";
    private static final String ADVERTISEMENT = "application/x-git-receive-pack-advertisement";
    private static final String RESULT = "application/x-git-receive-pack-result";
    private static final int MAX_REDIRECTS = 3;
    private static final long MAX_ADVERTISEMENT = 256L << 20;
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(10);

    private final CloseableHttpClient http;
    private final ScheduledExecutorService watchdog;
    private final Duration stallTimeout;

    /**
     * A remote as it was when asked.
     *
     * @param repository the URL under which {@code info/refs} was found, redirects followed
     */
    public record Remote(URI repository, Advertisement advertisement) {}

    /**
     * @param http of the forge's host
     * @param watchdog ends requests in which the forge takes nothing for {@code stallTimeout}
     */
    public ReceivePack(CloseableHttpClient http, ScheduledExecutorService watchdog, Duration stallTimeout) {
        this.http = http;
        this.watchdog = watchdog;
        this.stallTimeout = stallTimeout;
    }

    /**
     * Asks for the refs and capabilities. Redirects are followed on the same host, at most three.
     *
     * @throws RefusedException auth, forbidden, sso-required, archived, not-found, rate-limited, network, server-error
     */
    public Remote advertise(RepositoryUrl repository, Token token) throws RefusedException {
        URI at = repository.git();
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            Hop answer = ask(at, token);
            if (answer.remote() != null) {
                return answer.remote();
            }
            at = answer.next();
        }
        throw new RefusedException(
                Reason.NOT_FOUND,
                "The repository's URL redirects in a circle: register the project with its present URL.");
    }

    private record Hop(@Nullable Remote remote, URI next) {}

    private Hop ask(URI repository, Token token) throws RefusedException {
        HttpGet get = new HttpGet(URI.create(repository + "/info/refs?service=" + SERVICE));
        get.setHeader("Authorization", token.basic());
        get.setHeader("Accept", ADVERTISEMENT);
        try {
            return Carried.through(() -> http.execute(get, response -> {
                try {
                    return hop(response, repository, token);
                } catch (RefusedException e) {
                    throw new Carried(e);
                }
            }));
        } catch (GitProtocolException e) {
            throw new RefusedException(
                    Reason.SERVER_ERROR,
                    "What answers at " + repository + " doesn't speak git's smart HTTP protocol: " + e.getMessage()
                            + ".");
        } catch (EOFException e) {
            throw new RefusedException(Reason.NETWORK, "The list of refs from " + repository + " ended early.");
        } catch (IOException e) {
            throw ConnectionFailure.explain(e, repository.getAuthority());
        }
    }

    private Hop hop(ClassicHttpResponse response, URI repository, Token token) throws IOException, RefusedException {
        int status = response.getCode();
        if (status >= 300 && status < 400 && response.containsHeader("Location")) {
            return new Hop(null, redirected(response.getFirstHeader("Location"), repository));
        }
        if (status != 200) {
            throw new HttpRefusal(token.redactor()).of(response, "push to " + repository);
        }
        requireType(response, ADVERTISEMENT);
        try (InputStream body = new BoundedInput(response.getEntity().getContent(), MAX_ADVERTISEMENT)) {
            return new Hop(new Remote(repository, Advertisement.read(body)), repository);
        }
    }

    private static URI redirected(Header location, URI from) throws RefusedException {
        String suffix = "/info/refs?service=" + SERVICE;
        try {
            URI to = URI.create(from + suffix).resolve(location.getValue());
            String text = to.toString();
            if ("https".equals(to.getScheme())
                    && from.getAuthority().equalsIgnoreCase(to.getAuthority())
                    && text.endsWith(suffix)) {
                return URI.create(text.substring(0, text.length() - suffix.length()));
            }
        } catch (IllegalArgumentException e) {
            // told below like any other place that isn't followed
        }
        throw new RefusedException(
                Reason.NOT_FOUND,
                "The repository has moved to " + SafeText.line(location.getValue(), 300)
                        + ", which is not followed because it isn't a repository on the same host: register the project with its present URL.");
    }

    private static void requireType(ClassicHttpResponse response, String type) throws GitProtocolException {
        HttpEntity entity = response.getEntity();
        if (entity == null
                || entity.getContentType() == null
                || !entity.getContentType().startsWith(type)) {
            throw new GitProtocolException("the answer isn't " + type);
        }
    }

    /**
     * Sends one ref update and its pack.
     *
     * @param pack read to its end; its own failures come out of this method as the {@link IOException} they are
     * @throws RefusedException when the remote refused for certain, so that the branch isn't moved
     */
    public PushAnswer push(Remote remote, Token token, RefUpdate update, Pack pack, PushBody.Progress progress)
            throws RefusedException, IOException {
        Advertisement advertised = remote.advertisement();
        HttpPost post = new HttpPost(URI.create(remote.repository() + "/" + SERVICE));
        post.setHeader("Authorization", token.basic());
        post.setHeader("Accept", RESULT);
        post.setConfig(RequestConfig.custom()
                .setResponseTimeout(Timeout.of(ANSWER_TIMEOUT))
                .build());
        PushBody body = PushBody.of(command(advertised, update), pack, progress);
        post.setEntity(body);
        PushRefusal refusal = new PushRefusal(token.redactor());
        StallGuard guard = new StallGuard(watchdog, stallTimeout, body, post);
        try {
            return Carried.through(() -> http.execute(post, response -> {
                try {
                    return answer(response, update, advertised, token, refusal);
                } catch (RefusedException e) {
                    throw new Carried(e);
                }
            }));
        } catch (PushReport.RemoteErrorException e) {
            return new PushAnswer.Unsettled(new RefusedException(
                    Reason.SERVER_ERROR,
                    "The forge ended the push: " + refusal.text(String.valueOf(e.getMessage()), e.messages())));
        } catch (IOException e) {
            body.rethrowPackFailure();
            return new PushAnswer.Unsettled(
                    ConnectionFailure.explain(e, remote.repository().getAuthority()));
        } finally {
            guard.close();
        }
    }

    private PushAnswer answer(
            ClassicHttpResponse response, RefUpdate update, Advertisement advertised, Token token, PushRefusal refusal)
            throws IOException, RefusedException {
        if (response.getCode() != 200) {
            RefusedException refused = new HttpRefusal(token.redactor()).of(response, "push");
            if (response.getCode() >= 500) {
                return new PushAnswer.Unsettled(refused);
            }
            throw refused;
        }
        if (!advertised.supports("report-status")) {
            return new PushAnswer.Unsettled(new RefusedException(
                    Reason.REMOTE_REJECTED,
                    "The remote doesn't report what it did, and the branch is not where it was pushed to."));
        }
        requireType(response, RESULT);
        PushReport report =
                PushReport.read(response.getEntity().getContent(), advertised.supports("side-band-64k"), update.ref());
        return report.isAccepted() ? new PushAnswer.Accepted() : refusal.answer(report);
    }

    private static byte[] command(Advertisement advertised, RefUpdate update) throws GitProtocolException {
        StringBuilder capabilities = new StringBuilder();
        for (String wanted : new String[] {"report-status", "side-band-64k", "ofs-delta"}) {
            if (advertised.supports(wanted)) {
                capabilities.append(' ').append(wanted);
            }
        }
        capabilities.append(" object-format=").append(advertised.objectFormat().gitName());
        capabilities.append(" agent=session-publish-operator");
        String line = update.oldId() + " " + update.newId() + " " + update.ref() + "\0" + capabilities;
        byte[] encoded = PktLines.encode(line.getBytes(StandardCharsets.UTF_8));
        byte[] withFlush = Arrays.copyOf(encoded, encoded.length + 4);
        Arrays.fill(withFlush, encoded.length, withFlush.length, (byte) '0');
        return withFlush;
    }
}
