package dev.sessionpublish.git.lfs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.ForgeJson;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.Redactor;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.RetryClass;
import dev.sessionpublish.outcome.SafeText;
import dev.sessionpublish.outcome.SharedReason;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Requests and responses of the Git LFS batch API (git-lfs's documents "batch" and "basic-transfers"): operation {@code
 * upload}, transfer {@code basic}, SHA-256. A response must contain every requested object; a missing object is an
 * error.
 *
 * @param hosts authorities that content may be sent to
 */
record LfsBatch(Set<String> hosts, Redactor redactor, Clock clock) {
    /** Of a response; {@value LfsServer#BATCH} objects with two actions of ten headers each take a third of it. */
    private static final int MAX_TOKENS = 20_000;

    static final ObjectMapper JSON = new ObjectMapper(ForgeJson.within(MAX_TOKENS));
    private static final Set<String> NEVER_SENT = Set.of("host", "content-length", "transfer-encoding", "connection");
    /** Subtracted from the forge's expiry times to allow for clock skew and latency. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private static final long MAX_SECONDS = Duration.ofDays(365).toSeconds();

    static ObjectNode request(List<LfsObject> objects, String ref) {
        ObjectNode request = JSON.createObjectNode().put("operation", "upload").put("hash_algo", "sha256");
        request.putArray("transfers").add("basic");
        request.putObject("ref").put("name", ref);
        ArrayNode list = request.putArray("objects");
        objects.forEach(object -> list.addObject().put("oid", object.oid()).put("size", object.size()));
        return request;
    }

    /**
     * The requested objects that the forge lacks.
     *
     * @throws RefusedException lfs, file-too-large, rate-limited, server-error
     */
    List<LfsTransfer> answer(List<LfsObject> asked, JsonNode answer) throws RefusedException {
        String transfer = answer.path("transfer").asText("basic");
        if (!transfer.equals("basic")) {
            throw new RefusedException(
                    PushReason.LFS,
                    "The forge requires the LFS transfer adapter " + said(transfer)
                            + ", but the operator supports only basic. Enable basic transfers at the forge.");
        }
        Map<String, JsonNode> answers = new HashMap<>();
        answer.path("objects")
                .forEach(each -> answers.putIfAbsent(each.path("oid").asText(), each));
        List<LfsTransfer> wanted = new ArrayList<>();
        for (LfsObject object : asked) {
            JsonNode about = answers.get(object.oid());
            if (about == null) {
                throw new RefusedException(
                        SharedReason.SERVER_ERROR,
                        "The LFS batch response lacks the object " + object.oid() + ". Check the forge's LFS server.");
            }
            transfer(object, about).ifPresent(wanted::add);
        }
        return wanted;
    }

    private Optional<LfsTransfer> transfer(LfsObject object, JsonNode answer) throws RefusedException {
        if (answer.hasNonNull("error")) {
            throw refused(object, answer.path("error"));
        }
        JsonNode actions = answer.path("actions");
        if (!actions.hasNonNull("upload")) {
            return Optional.empty();
        }
        LfsTransfer.Action verify = actions.hasNonNull("verify") ? action(actions.path("verify")) : null;
        return Optional.of(new LfsTransfer(object, action(actions.path("upload")), verify));
    }

    private RefusedException refused(LfsObject object, JsonNode error) {
        int code = error.path("code").asInt();
        Reason reason =
                switch (code) {
                    case 413 -> PushReason.FILE_TOO_LARGE;
                    case 429 -> SharedReason.RATE_LIMITED;
                    case 507, 509 -> PushReason.LFS;
                    default -> code >= 500 ? SharedReason.SERVER_ERROR : PushReason.LFS;
                };
        return new RefusedException(
                reason,
                "The forge rejects the LFS object " + object.oid() + " (" + code + "). "
                        + (reason.retryClass() == RetryClass.BACKOFF
                                ? "The operator retries."
                                : "Fix what the forge's message names, then retry.")
                        + " The forge's message: " + said(error.path("message").asText()));
    }

    private LfsTransfer.Action action(JsonNode node) throws RefusedException {
        Map<String, String> header = new LinkedHashMap<>();
        node.path("header").properties().forEach(each -> {
            if (!NEVER_SENT.contains(each.getKey().toLowerCase(Locale.ROOT))) {
                header.put(each.getKey(), each.getValue().asText());
            }
        });
        URI href;
        try {
            href = URI.create(node.path("href").asText());
        } catch (IllegalArgumentException e) {
            throw new RefusedException(
                    SharedReason.SERVER_ERROR,
                    "The LFS batch response has an invalid upload URL. Check the forge's LFS server.");
        }
        String authority =
                RepositoryUrl.authority(String.valueOf(href.getAuthority())).orElse("");
        if (!"https".equals(href.getScheme()) || !hosts.contains(authority)) {
            throw new RefusedException(
                    PushReason.LFS,
                    "The forge names " + said(href.getScheme() + "://" + href.getAuthority())
                            + " for the upload of LFS objects, which is not an allowed https host. Ask a cluster"
                            + " administrator to add it to lfsHosts of the forge's entry in the file of"
                            + " SESSION_PUBLISH_FORGES (the chart's value forges).");
        }
        return new LfsTransfer.Action(href, header, expires(node));
    }

    /** {@code expires_in} takes precedence over {@code expires_at}. Null if neither is valid. */
    private @Nullable Instant expires(JsonNode node) {
        long seconds = node.path("expires_in").asLong(0);
        if (seconds > 0) {
            return clock.instant().plusSeconds(Math.min(seconds, MAX_SECONDS)).minus(MARGIN);
        }
        String at = node.path("expires_at").asText("");
        if (at.isEmpty() || at.startsWith("0001-")) {
            return null;
        }
        try {
            return OffsetDateTime.parse(at).toInstant().minus(MARGIN);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private String said(String text) {
        return SafeText.line(redactor.redact(text), 300);
    }
}
