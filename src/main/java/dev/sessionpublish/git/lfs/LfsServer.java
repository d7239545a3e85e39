package dev.sessionpublish.git.lfs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sessionpublish.git.BoundedInput;
import dev.sessionpublish.git.GitProtocolException;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.git.RefusedIOException;
import dev.sessionpublish.git.TransferTimeout;
import dev.sessionpublish.http.Api;
import dev.sessionpublish.http.ConnectionFailure;
import dev.sessionpublish.http.Credential;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpPut;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.Timeout;

/**
 * Uploads LFS objects (Git LFS batch API with {@code basic} transfers and {@code verify}). The project's credential is
 * sent only to the repository's own LFS endpoint. Content is sent with the headers of the batch response, and only to
 * hosts that the cluster administrator has listed.
 */
public final class LfsServer {
    private static final ContentType JSON = ContentType.create("application/vnd.git-lfs+json");
    /** How many objects are asked for in one request, and of how many the upload requests are kept. */
    public static final int BATCH = 100;

    /** Of a batch, in bytes: the signed URLs and headers of {@value #BATCH} objects take a third of it. */
    private static final int MAX_ANSWER = 2 << 20;

    private final CloseableHttpClient http;
    private final URI repository;
    private final Credential credential;
    private final LfsBatch batch;
    private final Clock clock;
    private final ScheduledExecutorService watchdog;
    private final Timeouts timeouts;

    /** How long a server may read nothing of an object, and how long its response to a whole object may take. */
    public record Timeouts(Duration stall, Duration answer) {}

    /** The forge rejects the size of a batch (413). Fewer objects may succeed. */
    private static final class BatchTooLargeException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /**
     * @param http the client of the forge's host
     * @param repository the URL that git pushes to
     * @param hosts authorities that content may be sent to
     * @param watchdog aborts uploads that exceed their timeouts
     */
    public LfsServer(
            CloseableHttpClient http,
            URI repository,
            Credential credential,
            Set<String> hosts,
            ScheduledExecutorService watchdog,
            Timeouts timeouts) {
        this(http, repository, credential, hosts, watchdog, timeouts, Clock.systemUTC());
    }

    LfsServer(
            CloseableHttpClient http,
            URI repository,
            Credential credential,
            Set<String> hosts,
            ScheduledExecutorService watchdog,
            Timeouts timeouts,
            Clock clock) {
        this.http = http;
        this.repository = repository;
        this.credential = credential;
        this.batch = new LfsBatch(hosts, credential.redactor(), clock);
        this.clock = clock;
        this.watchdog = watchdog;
        this.timeouts = timeouts;
    }

    /**
     * The objects that the forge lacks. Only the first {@value #BATCH} have an upload authorization, because
     * authorizations are large; see {@link #authorized}.
     *
     * @param ref the full name of the branch to push, on which the forge may base its authorization
     * @throws RefusedException lfs, file-too-large, auth, forbidden, rate-limited, network, server-error
     */
    public List<LfsTransfer> lacking(List<LfsObject> objects, String ref) throws RefusedException {
        List<LfsTransfer> transfers = new ArrayList<>();
        int size = BATCH;
        for (int at = 0; at < objects.size(); ) {
            List<LfsObject> part = objects.subList(at, Math.min(objects.size(), at + size));
            try {
                JsonNode answer = credential.send(token -> post(
                        URI.create(repository + "/info/lfs/objects/batch"),
                        Map.of("Authorization", token.basic()),
                        LfsBatch.request(part, ref),
                        LfsRefusal.Step.BATCH));
                batch.answer(part, answer)
                        .forEach(each -> transfers.add(
                                transfers.size() < BATCH ? each : LfsTransfer.unauthorized(each.object())));
                at += part.size();
            } catch (BatchTooLargeException e) {
                if (part.size() == 1) {
                    throw new RefusedException(
                            PushReason.LFS,
                            "The forge's LFS server rejects a batch request with one object as too large (413). Check its request size limit.");
                }
                size = part.size() / 2;
            }
        }
        return transfers;
    }

    /**
     * The next transfers with a valid upload authorization, which is asked for again if the first has none.
     *
     * @param next at most {@value #BATCH}
     * @param ref as for {@link #lacking}
     * @return the same objects; those that the forge has by now are without authorization
     * @throws RefusedException as {@link #lacking}
     */
    public List<LfsTransfer> authorized(List<LfsTransfer> next, String ref) throws RefusedException {
        if (!next.get(0).isExpired(clock.instant())) {
            return next;
        }
        Map<LfsObject, LfsTransfer> renewed = new HashMap<>();
        for (LfsTransfer each : lacking(next.stream().map(LfsTransfer::object).toList(), ref)) {
            renewed.put(each.object(), each);
        }
        return next.stream()
                .map(each -> renewed.getOrDefault(each.object(), LfsTransfer.unauthorized(each.object())))
                .toList();
    }

    /**
     * Uploads one object. If it has no valid upload authorization, requests one first. If the forge has it by then, reads
     * the content without sending it.
     *
     * @param ref as for {@link #lacking}
     * @param content exactly the object's bytes; if it fails, its {@link IOException} is thrown unchanged
     * @return the number of bytes sent
     * @throws RefusedException file-too-large, lfs, auth, forbidden, rate-limited, network, server-error
     */
    public long upload(LfsTransfer transfer, String ref, InputStream content) throws RefusedException, IOException {
        LfsObject object = transfer.object();
        LfsContent checked = new LfsContent(content, object);
        checked.requireMatchIfEmpty();
        List<LfsTransfer> now = transfer.isExpired(clock.instant()) ? lacking(List.of(object), ref) : List.of(transfer);
        if (now.isEmpty()) {
            checked.transferTo(OutputStream.nullOutputStream());
            return 0;
        }
        put(Objects.requireNonNull(now.get(0).upload()), checked, object.size());
        LfsTransfer.Action verify = now.get(0).verify();
        if (verify != null) {
            try {
                ObjectNode body = LfsBatch.JSON.createObjectNode().put("oid", object.oid());
                body.put("size", object.size());
                post(verify.href(), verify.header(), body, LfsRefusal.Step.VERIFY);
            } catch (BatchTooLargeException e) {
                throw new IllegalStateException(e);
            }
        }
        return object.size();
    }

    private void put(LfsTransfer.Action action, LfsContent content, long length) throws RefusedException, IOException {
        HttpPut put = new HttpPut(action.href());
        action.header().forEach(put::setHeader);
        put.setConfig(RequestConfig.custom()
                .setResponseTimeout(Timeout.of(timeouts.answer))
                .build());
        LfsBody body = new LfsBody(content, length);
        put.setEntity(body);
        TransferTimeout timeout = new TransferTimeout(watchdog, timeouts.stall, timeouts.answer, body, put);
        try {
            RefusedIOException.unwrap(() -> http.execute(put, Api.LFS.context(timeouts.answer), response -> {
                requireSuccess(response, LfsRefusal.Step.UPLOAD);
                return "";
            }));
        } catch (IOException e) {
            content.rethrowFailure();
            throw ConnectionFailure.explain(
                    timeout.explain(e), String.valueOf(action.href().getAuthority()));
        } finally {
            timeout.close();
        }
    }

    private JsonNode post(URI to, Map<String, String> header, ObjectNode body, LfsRefusal.Step step)
            throws RefusedException, BatchTooLargeException {
        HttpPost post = new HttpPost(to);
        header.forEach(post::setHeader);
        post.setHeader("Accept", JSON.getMimeType());
        post.setEntity(new StringEntity(body.toString(), JSON));
        try {
            return RefusedIOException.unwrap(() -> http.execute(post, Api.LFS.context(), response -> {
                requireSuccess(response, step);
                HttpEntity entity = response.getEntity();
                if (entity == null || step == LfsRefusal.Step.VERIFY) {
                    return LfsBatch.JSON.createObjectNode();
                }
                try (InputStream in = new BoundedInput(entity.getContent(), MAX_ANSWER)) {
                    return LfsBatch.JSON.readTree(in.readAllBytes());
                }
            }));
        } catch (BatchTooLargeException e) {
            throw e;
        } catch (JsonProcessingException | GitProtocolException e) {
            throw new RefusedException(
                    SharedReason.SERVER_ERROR,
                    "Invalid response from the forge's LFS server. Check the LFS server and any proxy.");
        } catch (IOException e) {
            throw ConnectionFailure.explain(e, String.valueOf(to.getAuthority()));
        }
    }

    private void requireSuccess(ClassicHttpResponse response, LfsRefusal.Step step) throws IOException {
        int status = response.getCode();
        if (status == 413 && step == LfsRefusal.Step.BATCH) {
            throw new BatchTooLargeException();
        }
        if (status < 200 || status >= 300) {
            throw new RefusedIOException(new LfsRefusal(credential.redactor()).of(response, step));
        }
    }
}
