package dev.sessionpublish.git;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sessionpublish.http.ConnectionFailure;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpPut;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;

/**
 * Uploads LFS objects (the Git LFS batch API, operation {@code upload}, transfer {@code basic}, with {@code verify}). The
 * project's credential goes to the repository's own LFS endpoint; where the forge sends the content to, it says itself
 * what is to be sent along, and only hosts that the cluster admin has listed are followed.
 */
public final class LfsServer {
    private static final ContentType JSON = ContentType.create("application/vnd.git-lfs+json");
    private static final int BATCH = 100;
    private static final int MAX_ANSWER = 4 << 20;
    private static final Set<String> NEVER_SENT = Set.of("host", "content-length", "transfer-encoding", "connection");

    private final CloseableHttpClient http;
    private final URI repository;
    private final Token token;
    private final Set<String> hosts;
    private final ObjectMapper json = new ObjectMapper();

    /**
     * @param http of the forge's host
     * @param repository the URL that git pushes to
     * @param hosts authorities that content may be sent to
     */
    public LfsServer(CloseableHttpClient http, URI repository, Token token, Set<String> hosts) {
        this.http = http;
        this.repository = repository;
        this.token = token;
        this.hosts = hosts;
    }

    /**
     * Which of the objects the forge lacks.
     *
     * @param ref the full name of the branch that will be pushed, which the forge may decide by
     * @throws RefusedException lfs, auth, forbidden, rate-limited, network, server-error
     */
    public List<LfsTransfer> lacking(List<LfsObject> objects, String ref) throws RefusedException {
        List<LfsTransfer> transfers = new ArrayList<>();
        for (int at = 0; at < objects.size(); at += BATCH) {
            List<LfsObject> part = objects.subList(at, Math.min(objects.size(), at + BATCH));
            JsonNode answer = post(
                    URI.create(repository + "/info/lfs/objects/batch"),
                    Map.of("Authorization", token.basic()),
                    request(part, ref),
                    "take LFS objects");
            Map<String, LfsObject> asked = new HashMap<>();
            part.forEach(object -> asked.put(object.oid(), object));
            for (JsonNode each : answer.path("objects")) {
                LfsObject object = asked.get(each.path("oid").asText());
                if (object != null) {
                    transfer(object, each).ifPresent(transfers::add);
                }
            }
        }
        return transfers;
    }

    private ObjectNode request(List<LfsObject> objects, String ref) {
        ObjectNode request = json.createObjectNode().put("operation", "upload").put("hash_algo", "sha256");
        request.putArray("transfers").add("basic");
        request.putObject("ref").put("name", ref);
        ArrayNode list = request.putArray("objects");
        objects.forEach(object -> list.addObject().put("oid", object.oid()).put("size", object.size()));
        return request;
    }

    private Optional<LfsTransfer> transfer(LfsObject object, JsonNode answer) throws RefusedException {
        if (answer.has("error")) {
            throw refused("The forge does not take the LFS object " + object.oid() + " ("
                    + answer.path("error").path("code").asInt() + "): "
                    + said(answer.path("error").path("message").asText()));
        }
        JsonNode actions = answer.path("actions");
        if (!actions.has("upload")) {
            return Optional.empty();
        }
        Optional<LfsTransfer.Action> verify =
                actions.has("verify") ? Optional.of(action(actions.path("verify"))) : Optional.empty();
        return Optional.of(new LfsTransfer(object, action(actions.path("upload")), verify));
    }

    private LfsTransfer.Action action(JsonNode node) throws RefusedException {
        Map<String, String> header = new HashMap<>();
        node.path("header").properties().forEach(each -> {
            if (!NEVER_SENT.contains(each.getKey().toLowerCase(Locale.ROOT))) {
                header.put(each.getKey(), each.getValue().asText());
            }
        });
        try {
            URI href = URI.create(node.path("href").asText());
            String authority =
                    RepositoryUrl.authority(String.valueOf(href.getAuthority())).orElse("");
            if (!"https".equals(href.getScheme()) || !hosts.contains(authority)) {
                throw refused(
                        "The forge wants its LFS objects at " + said(String.valueOf(href.getAuthority()))
                                + ", which the operator is not set up to talk to: a cluster admin can add it to lfsHosts in the forges file.");
            }
            return new LfsTransfer.Action(href, header);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(
                    Reason.SERVER_ERROR, "The forge's LFS server answered with a URL that isn't one.");
        }
    }

    /**
     * Sends one object.
     *
     * @param content exactly the object's bytes; its own failures come out as the {@link IOException} they are
     * @throws RefusedException file-too-large, lfs, forbidden, rate-limited, network, server-error
     */
    public void upload(LfsTransfer transfer, InputStream content) throws RefusedException, IOException {
        LfsContent checked = new LfsContent(content, transfer.object());
        HttpPut put = new HttpPut(transfer.upload().href());
        send(put, transfer.upload().header());
        put.setEntity(new InputStreamEntity(checked, transfer.object().size(), ContentType.APPLICATION_OCTET_STREAM));
        try {
            Carried.through(() -> http.execute(put, response -> {
                requireSuccess(response, "store an LFS object");
                return "";
            }));
        } catch (IOException e) {
            checked.rethrowFailure();
            throw ConnectionFailure.explain(
                    e, String.valueOf(transfer.upload().href().getAuthority()));
        }
        if (transfer.verify().isPresent()) {
            LfsObject object = transfer.object();
            LfsTransfer.Action verify = transfer.verify().get();
            post(
                    verify.href(),
                    verify.header(),
                    json.createObjectNode().put("oid", object.oid()).put("size", object.size()),
                    "confirm an LFS object");
        }
    }

    private JsonNode post(URI to, Map<String, String> header, ObjectNode body, String what) throws RefusedException {
        HttpPost post = new HttpPost(to);
        send(post, header);
        post.setHeader("Accept", JSON.getMimeType());
        post.setEntity(new StringEntity(body.toString(), JSON));
        try {
            return Carried.through(() -> http.execute(post, response -> {
                requireSuccess(response, what);
                HttpEntity entity = response.getEntity();
                if (entity == null) {
                    return json.createObjectNode();
                }
                try (InputStream in = new BoundedInput(entity.getContent(), MAX_ANSWER)) {
                    byte[] text = in.readAllBytes();
                    return text.length == 0 ? json.createObjectNode() : json.readTree(text);
                }
            }));
        } catch (JsonProcessingException | GitProtocolException e) {
            throw new RefusedException(
                    Reason.SERVER_ERROR, "The forge's LFS server answered with something that isn't the LFS API's.");
        } catch (IOException e) {
            throw ConnectionFailure.explain(e, String.valueOf(to.getAuthority()));
        }
    }

    private static void send(HttpUriRequestBase request, Map<String, String> header) {
        header.forEach(request::setHeader);
    }

    /** The statuses that the LFS specification names; the others as for any git request. */
    private void requireSuccess(ClassicHttpResponse response, String what) throws IOException {
        int status = response.getCode();
        if (status >= 200 && status < 300) {
            return;
        }
        throw new Carried(
                switch (status) {
                    case 404, 406, 410, 422, 501 ->
                        refused("The forge does not " + what + " here (" + status
                                + "): turn Git LFS on for the repository, or take the files out of LFS.");
                    case 413 ->
                        new RefusedException(
                                Reason.FILE_TOO_LARGE, "An LFS object is larger than what the forge takes (413).");
                    case 507, 509 ->
                        refused("The forge has no room left for LFS objects (" + status
                                + "): see the repository's LFS quota.");
                    default -> new HttpRefusal(token.redactor()).of(response, what);
                });
    }

    private static RefusedException refused(String sentence) {
        return new RefusedException(Reason.LFS, sentence);
    }

    private String said(String text) {
        return SafeText.line(token.redactor().redact(text), 300);
    }
}
