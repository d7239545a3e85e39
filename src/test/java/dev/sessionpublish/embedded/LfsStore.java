package dev.sessionpublish.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The LFS side of a {@link GitServer}: batch, upload and verify of the Git LFS specification. Uploads carry a word of
 * the store's own, as forges do it, never the credential of the batch request; content that isn't its id is refused.
 */
final class LfsStore {
    private static final Pattern PATH =
            Pattern.compile("/([^/]+/[^/]+?)(?:\\.git)?/info/lfs/(objects/batch|verify|store/([0-9a-f]{64}))");
    private static final String UPLOAD_WORD = "RemoteAuth upload-word";

    private final Path root;
    private final ObjectMapper json = new ObjectMapper();

    LfsStore(Path root) {
        this.root = root;
    }

    static boolean serves(String path) {
        return PATH.matcher(path).matches();
    }

    static String repository(String path) {
        Matcher matched = PATH.matcher(path);
        return matched.matches() ? matched.group(1) : "";
    }

    /** Whether the request is for the API, which wants the credential, and not one the API has announced. */
    static boolean isBatch(String path) {
        return path.endsWith("/objects/batch");
    }

    Path content(String repository, String oid) {
        return root.resolve(repository + ".lfs").resolve(oid);
    }

    void serve(Exchange exchange, InputStream body) throws IOException {
        LoggedRequest request = exchange.request();
        Matcher path = PATH.matcher(request.path());
        if (!path.matches()) {
            throw new IllegalArgumentException(request.path());
        }
        String repository = path.group(1);
        if (isBatch(request.path())) {
            String host = request.header("host").orElseThrow();
            answer(
                    exchange,
                    200,
                    batch(repository, "https://" + host + "/" + repository + ".git/info/lfs/", json.readTree(body)));
        } else if (!request.header("authorization").filter(UPLOAD_WORD::equals).isPresent()) {
            answer(exchange, 401, message("Credentials needed"));
        } else if (request.path().endsWith("/verify")) {
            JsonNode object = json.readTree(body);
            Path stored = content(repository, object.path("oid").asText());
            boolean there = Files.exists(stored)
                    && Files.size(stored) == object.path("size").asLong();
            answer(exchange, there ? 200 : 404, message(there ? "" : "Not here"));
        } else {
            store(exchange, repository, path.group(3), body);
        }
    }

    private ObjectNode batch(String repository, String base, JsonNode request) {
        ObjectNode answer = json.createObjectNode().put("transfer", "basic");
        var objects = answer.putArray("objects");
        for (JsonNode each : request.path("objects")) {
            String oid = each.path("oid").asText();
            ObjectNode object = objects.addObject()
                    .put("oid", oid)
                    .put("size", each.path("size").asLong());
            if (!Files.exists(content(repository, oid))) {
                ObjectNode actions = object.putObject("actions");
                action(actions.putObject("upload"), base + "store/" + oid);
                action(actions.putObject("verify"), base + "verify");
            }
        }
        return answer;
    }

    private static void action(ObjectNode action, String href) {
        action.put("href", href).putObject("header").put("Authorization", UPLOAD_WORD);
    }

    private void store(Exchange exchange, String repository, String oid, InputStream body) throws IOException {
        Path stored = content(repository, oid);
        Files.createDirectories(stored.getParent());
        Path arriving = Files.createTempFile(stored.getParent(), "arriving", null);
        try (OutputStream file = Files.newOutputStream(arriving);
                DigestOutputStream hashed = new DigestOutputStream(file, MessageDigest.getInstance("SHA-256"))) {
            body.transferTo(hashed);
            if (!HexFormat.of().formatHex(hashed.getMessageDigest().digest()).equals(oid)) {
                answer(exchange, 422, message("The content is not its id"));
                return;
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        Files.move(arriving, stored);
        answer(exchange, 200, message(""));
    }

    private ObjectNode message(String text) {
        return json.createObjectNode().put("message", text);
    }

    private static void answer(Exchange exchange, int status, ObjectNode body) throws IOException {
        exchange.answer(
                status,
                Map.of("Content-Type", "application/vnd.git-lfs+json"),
                body.toString().getBytes(StandardCharsets.UTF_8));
    }
}
