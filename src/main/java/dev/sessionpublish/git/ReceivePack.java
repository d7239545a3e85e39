package dev.sessionpublish.git;

import dev.sessionpublish.http.Api;
import dev.sessionpublish.http.ConnectionFailure;
import dev.sessionpublish.http.Credential;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.util.Timeout;

/**
 * Pushes to a forge over git's smart HTTP protocol (git's gitprotocol-http, protocol version 0) and streams a pack from
 * another source. The credential is sent only in the {@code Authorization} header of these two requests.
 */
public final class ReceivePack {
    private static final String SERVICE = "git-receive-pack";
    private static final String RESULT = "application/x-git-receive-pack-result";
    private static final long MAX_UNREAD = 64L << 20;
    /** The time limit of a response that never pauses, as a multiple of the answer timeout. */
    private static final int LONGEST_ANSWER = 6;

    private final CloseableHttpClient http;
    private final ScheduledExecutorService watchdog;
    private final Duration stallTimeout;
    private final Duration answerTimeout;

    /**
     * A remote's advertised state.
     *
     * @param repository the URL of the repository after redirects
     */
    public record Remote(URI repository, Advertisement advertisement) {}

    /**
     * @param http the client of the forge's host
     * @param watchdog aborts requests of which the forge reads nothing for {@code stallTimeout}
     * @param answerTimeout how long a forge may be silent after it has received the whole pack; its whole response may
     *     take six times as long
     */
    public ReceivePack(
            CloseableHttpClient http,
            ScheduledExecutorService watchdog,
            Duration stallTimeout,
            Duration answerTimeout) {
        this.http = http;
        this.watchdog = watchdog;
        this.stallTimeout = stallTimeout;
        this.answerTimeout = answerTimeout;
    }

    /**
     * Requests the refs and capabilities. Follows at most three redirects on the same host.
     *
     * @param memory of the run, which must not be closed before the advertisement is no longer used
     * @throws RefusedException auth, forbidden, sso-required, archived, read-only, not-found, rate-limited, network, server-error,
     *     memory-limit
     */
    public Remote advertise(RepositoryUrl repository, Credential credential, MemoryBudget.Share memory)
            throws RefusedException {
        InfoRefs refs = new InfoRefs(http, SERVICE, "push to");
        InfoRefs.Found<Advertisement> found =
                credential.send(token -> refs.ask(repository, token, body -> Advertisement.read(body, memory)));
        return new Remote(found.repository(), found.content());
    }

    /**
     * Sends one ref update and its pack.
     *
     * @param pack read to its end; if it fails, its {@link IOException} is thrown unchanged
     * @throws RefusedException if the remote definitely rejected the push, so that the branch is unchanged
     */
    public PushAnswer push(
            Remote remote, Credential credential, RefUpdate update, Pack pack, PushBody.Progress progress)
            throws RefusedException, IOException {
        return credential.sendOnce(token -> send(remote, token, update, pack, progress));
    }

    private PushAnswer send(Remote remote, Token token, RefUpdate update, Pack pack, PushBody.Progress progress)
            throws RefusedException, IOException {
        Advertisement advertised = remote.advertisement();
        HttpPost post = new HttpPost(URI.create(remote.repository() + "/" + SERVICE));
        post.setHeader("Authorization", token.basic());
        post.setHeader("Accept", RESULT);
        post.setConfig(RequestConfig.custom()
                .setResponseTimeout(Timeout.of(answerTimeout))
                .build());
        PushBody body = PushBody.of(command(advertised, update), pack, progress);
        progress.begins();
        post.setEntity(body);
        PushRefusal refusal = new PushRefusal(
                token.redactor(), String.valueOf(remote.repository().getAuthority()));
        Duration longestAnswer = answerTimeout.multipliedBy(LONGEST_ANSWER);
        TransferTimeout timeout = new TransferTimeout(watchdog, stallTimeout, longestAnswer, body, post);
        try {
            return RefusedIOException.unwrap(() -> http.execute(post, Api.GIT.context(longestAnswer), response -> {
                try {
                    return answer(response, update, advertised, token, refusal);
                } catch (RefusedException e) {
                    throw new RefusedIOException(e);
                }
            }));
        } catch (PushReport.RemoteErrorException e) {
            return new PushAnswer.Unsettled(new RefusedException(
                    SharedReason.SERVER_ERROR,
                    "The forge aborted the push. The operator retries. The forge's message: "
                            + refusal.text(String.valueOf(e.getMessage()), e.messages())));
        } catch (GitProtocolException e) {
            body.rethrowPackFailure();
            return new PushAnswer.Unsettled(new RefusedException(
                    SharedReason.SERVER_ERROR,
                    "Invalid git response to the push: " + e.getMessage() + ". Check the forge and any proxy."));
        } catch (IOException e) {
            body.rethrowPackFailure();
            return new PushAnswer.Unsettled(ConnectionFailure.explain(
                    timeout.explain(e), remote.repository().getAuthority()));
        } finally {
            timeout.close();
        }
    }

    private PushAnswer answer(
            ClassicHttpResponse response, RefUpdate update, Advertisement advertised, Token token, PushRefusal refusal)
            throws IOException, RefusedException {
        if (response.getCode() != 200) {
            RefusedException refused = new HttpRefusal(token.redactor()).of(response, "push");
            if (refused.reason() == SharedReason.SERVER_ERROR || refused.reason() == SharedReason.NETWORK) {
                return new PushAnswer.Unsettled(refused);
            }
            throw refused;
        }
        if (!advertised.supports("report-status")) {
            // git's backend starts its response before it processes the push and ends it afterwards.
            if (response.getEntity() != null) {
                new BoundedInput(response.getEntity().getContent(), MAX_UNREAD)
                        .transferTo(OutputStream.nullOutputStream());
            }
            return new PushAnswer.Unsettled(new RefusedException(
                    PushReason.REMOTE_REJECTED,
                    "The remote supports no report-status, and the branch was not updated. Check the remote's log."));
        }
        InfoRefs.requireType(response, RESULT);
        PushReport report =
                PushReport.read(response.getEntity().getContent(), advertised.supports("side-band-64k"), update.ref());
        return report.isAccepted() ? new PushAnswer.Accepted() : refusal.answer(report);
    }

    private static byte[] command(Advertisement advertised, RefUpdate update) throws GitProtocolException {
        StringBuilder capabilities = new StringBuilder();
        for (String wanted : new String[] {"report-status", "side-band-64k", "ofs-delta", "quiet"}) {
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
