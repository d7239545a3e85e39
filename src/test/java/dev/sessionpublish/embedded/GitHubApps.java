package dev.sessionpublish.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The GitHub Apps of the stand-in, with GitHub's rules: a JWT is signed by a key of the App and valid for ten minutes at most;
 * a token is for repositories that the installation covers, has granted permissions, and is valid for an hour; a suspended
 * or removed installation's tokens are worth nothing. Each call needs its permission.
 */
public final class GitHubApps {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CREATED = "2026-01-01T00:00:00Z";
    private static final Duration LONGEST_JWT = Duration.ofMinutes(10);
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(1);
    private static final Pattern TOKENS = Pattern.compile("/app/installations/(\\d+)/access_tokens");
    private static final Pattern BY_ID = Pattern.compile("/app/installations/(\\d+)");
    private static final Pattern BY_REPOSITORY =
            Pattern.compile("/repos/([^/]+/[^/]+)/installation|/repositories/(\\d+)/installation");
    private static final List<String> LEVELS = List.of("read", "write", "admin");

    private final List<GitHubApp> apps = new CopyOnWriteArrayList<>();
    private final List<GitHubInstallation> installations = new CopyOnWriteArrayList<>();
    private final Map<String, Minted> minted = new ConcurrentHashMap<>();
    private volatile Clock clock = Clock.systemUTC();
    private @Nullable Access git;

    private record Minted(
            GitHubInstallation installation,
            Map<String, String> permissions,
            Instant expires,
            String repository,
            GitHubToken token) {}

    GitHubApps() {}

    /** When tokens expire and which JWTs are valid. The {@code Date} of answers stays that of the machine. */
    public void clock(Clock now) {
        clock = now;
    }

    /** The git server that takes the tokens too. */
    void serveGit(Access access) {
        git = access;
    }

    public GitHubApp app(String slug, Map<String, String> permissions) {
        int number = apps.size() + 1;
        GitHubApp app = new GitHubApp(1_234_500 + number, "Iv23liCanary" + number + "Zq7x", slug, permissions);
        apps.add(app);
        return app;
    }

    /** On the account that owns the repositories. */
    public GitHubInstallation install(GitHubApp app, String... repositories) {
        String account = repositories[0].substring(0, repositories[0].indexOf('/'));
        GitHubInstallation installation = new GitHubInstallation(98_765_400 + installations.size(), app, account);
        List.of(repositories).forEach(installation::select);
        installations.add(installation);
        return installation;
    }

    /** Every token that was issued, also those that have expired. */
    public List<String> issued() {
        return List.copyOf(minted.keySet());
    }

    /** Makes the tokens issued so far worthless, as GitHub does with leaked ones. */
    public void revokeAll() {
        minted.replaceAll((token, old) ->
                new Minted(old.installation, old.permissions, Instant.EPOCH, old.repository, old.token));
    }

    /** A token of an installation; empty for any other, and when it is no longer valid. */
    Optional<GitHubToken> token(String token) {
        return Optional.ofNullable(minted.get(token)).filter(this::isLive).map(Minted::token);
    }

    private boolean isLive(Minted each) {
        return clock.instant().isBefore(each.expires) && !each.installation.isRemoved();
    }

    /** Why a call isn't answered that a token of an installation is sent with. */
    Optional<GitHubReply> refusal(String token, String method, String path, List<String> rest) {
        Minted used = minted.get(token);
        if (used == null) {
            return Optional.empty();
        }
        if (used.installation.isSuspended()) {
            return Optional.of(GitHubReply.error(403, "This installation has been suspended"));
        }
        if (path.equals("/user") || !isAllowed(used.permissions, method, rest)) {
            return Optional.of(GitHubReply.error(403, "Resource not accessible by integration"));
        }
        return Optional.empty();
    }

    private static boolean isAllowed(Map<String, String> permissions, String method, List<String> rest) {
        String access = method.equals("GET") ? "read" : "write";
        String what = rest.isEmpty() ? "" : rest.get(0);
        String last = rest.isEmpty() ? "" : rest.get(rest.size() - 1);
        if (last.startsWith("check-")) {
            return has(permissions, "checks", access);
        }
        if (last.equals("status") || what.equals("statuses")) {
            return has(permissions, "statuses", access);
        }
        return switch (what) {
            case "pulls" -> has(permissions, "pull_requests", access);
            case "issues", "labels" -> has(permissions, "issues", access) || has(permissions, "pull_requests", access);
            case "compare", "branches", "commits", "git", "merges" -> has(permissions, "contents", access);
            default -> true;
        };
    }

    private static boolean has(Map<String, String> permissions, String name, String access) {
        return LEVELS.indexOf(permissions.getOrDefault(name, "")) >= LEVELS.indexOf(access);
    }

    boolean serves(String path) {
        return path.equals("/app")
                || path.startsWith("/app/")
                || BY_REPOSITORY.matcher(path).matches();
    }

    /**
     * Answers what an App asks as itself.
     *
     * @param repositories finds the full name by id
     */
    GitHubReply answer(
            String method,
            String path,
            String authorization,
            JsonNode body,
            java.util.function.Function<String, Optional<String>> repositories) {
        if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return GitHubReply.error(401, "A JSON web token could not be decoded");
        }
        GitHubApp app = authenticated(authorization.substring(7));
        Matcher tokens = TOKENS.matcher(path);
        Matcher byId = BY_ID.matcher(path);
        Matcher byRepository = BY_REPOSITORY.matcher(path);
        if (method.equals("GET") && path.equals("/app")) {
            return GitHubReply.of(200, describe(app));
        }
        if (method.equals("POST") && tokens.matches()) {
            return issue(installation(app, tokens.group(1)), body, repositories);
        }
        if (method.equals("GET") && byId.matches()) {
            return GitHubReply.of(200, describe(installation(app, byId.group(1))));
        }
        if (method.equals("GET") && byRepository.matches()) {
            String name = byRepository.group(1) != null
                    ? byRepository.group(1)
                    : repositories.apply(byRepository.group(2)).orElse("");
            return installations.stream()
                    .filter(each -> each.app().equals(app) && !each.isRemoved() && each.covers(name))
                    .findFirst()
                    .map(each -> GitHubReply.of(200, describe(each)))
                    .orElseGet(() -> GitHubReply.error(404, "Not Found"));
        }
        return GitHubReply.error(404, "Not Found");
    }

    private GitHubInstallation installation(GitHubApp app, String id) {
        return installations.stream()
                .filter(each -> each.app().equals(app) && !each.isRemoved())
                .filter(each -> String.valueOf(each.id()).equals(id))
                .findFirst()
                .orElseThrow(() -> GitHubReply.error(404, "Not Found").refusal());
    }

    private GitHubApp authenticated(String jwt) {
        String[] parts = jwt.split("\\.", -1);
        if (parts.length != 3) {
            throw undecodable();
        }
        JsonNode header = decoded(parts[0]);
        JsonNode claims = decoded(parts[1]);
        String issuer = claims.path("iss").asText();
        GitHubApp app = apps.stream()
                .filter(each -> each.clientId().equals(issuer)
                        || String.valueOf(each.id()).equals(issuer))
                .findFirst()
                .orElseThrow(
                        () -> GitHubReply.error(404, "Integration not found").refusal());
        byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
        if (!header.path("alg").asText().equals("RS256")
                || app.keys().stream()
                        .noneMatch(key ->
                                isSigned(key, signed, Base64.getUrlDecoder().decode(parts[2])))) {
            throw undecodable();
        }
        requireTimes(claims);
        return app;
    }

    private void requireTimes(JsonNode claims) {
        Instant now = clock.instant();
        if (!claims.path("exp").isIntegralNumber()
                || !Instant.ofEpochSecond(claims.path("exp").asLong()).isAfter(now)) {
            throw GitHubReply.error(
                            401,
                            "'Expiration time' claim ('exp') must be a numeric value representing the future time at"
                                    + " which the assertion expires")
                    .refusal();
        }
        if (Instant.ofEpochSecond(claims.path("exp").asLong()).isAfter(now.plus(LONGEST_JWT))) {
            throw GitHubReply.error(401, "'Expiration time' claim ('exp') is too far in the future")
                    .refusal();
        }
        if (!claims.path("iat").isIntegralNumber()
                || Instant.ofEpochSecond(claims.path("iat").asLong()).isAfter(now)) {
            throw GitHubReply.error(
                            401,
                            "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was"
                                    + " issued")
                    .refusal();
        }
    }

    private static boolean isSigned(PublicKey key, byte[] content, byte[] signature) {
        try {
            Signature rs256 = Signature.getInstance("SHA256withRSA");
            rs256.initVerify(key);
            rs256.update(content);
            return rs256.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static JsonNode decoded(String part) {
        try {
            return JSON.readTree(Base64.getUrlDecoder().decode(part));
        } catch (IOException | IllegalArgumentException e) {
            throw undecodable();
        }
    }

    private static GitHubReply.Refusal undecodable() {
        return GitHubReply.error(401, "A JSON web token could not be decoded").refusal();
    }

    private GitHubReply issue(
            GitHubInstallation installation,
            JsonNode body,
            java.util.function.Function<String, Optional<String>> repositories) {
        if (installation.isSuspended()) {
            return GitHubReply.error(403, "This installation has been suspended");
        }
        List<String> wanted = new ArrayList<>();
        body.path("repositories").forEach(each -> wanted.add(installation.account() + "/" + each.asText()));
        body.path("repository_ids")
                .forEach(each -> wanted.add(repositories.apply(each.asText()).orElse("")));
        if (wanted.size() != 1) {
            throw new IllegalStateException("a token is to be for one repository: " + body);
        }
        if (!installation.covers(wanted.get(0))) {
            return GitHubReply.error(
                    422,
                    "There is at least one repository that does not exist or is not accessible to the parent"
                            + " installation.");
        }
        ObjectNode permissions = JsonNodeFactory.instance.objectNode().put("metadata", "read");
        for (Map.Entry<String, JsonNode> each : body.path("permissions").properties()) {
            boolean granted = each.getKey().equals("metadata")
                    || has(
                            installation.granted(),
                            each.getKey(),
                            each.getValue().asText());
            if (!granted) {
                return GitHubReply.error(422, "The permissions requested are not granted to this installation.");
            }
            permissions.put(each.getKey(), each.getValue().asText());
        }
        return GitHubReply.of(201, issued(installation, permissions, wanted.get(0)));
    }

    private ObjectNode issued(GitHubInstallation installation, ObjectNode permissions, String repository) {
        Instant expires = clock.instant().plus(TOKEN_LIFETIME).truncatedTo(ChronoUnit.SECONDS);
        String value = "ghs_" + installation.app().id() + "_" + random(27) + "." + random(126) + "." + random(256);
        Map<String, String> granted = JSON.convertValue(
                permissions, new com.fasterxml.jackson.core.type.TypeReference<Map<String, String>>() {});
        boolean write = has(granted, "contents", "write");
        GitHubToken token = GitHubToken.ofInstallation(installation.quota())
                .may(
                        has(granted, "pull_requests", "write")
                                ? GitHubToken.Access.WRITE
                                : write ? GitHubToken.Access.PUSH : GitHubToken.Access.READ,
                        repository);
        minted.put(value, new Minted(installation, granted, expires, repository, token));
        if (git != null) {
            Access.Permission right = write
                    ? Access.Permission.WRITE
                    : has(granted, "contents", "read") ? Access.Permission.READ : Access.Permission.NONE;
            git.token(
                    value,
                    installation.app().login(),
                    Map.of(repository, right),
                    () -> token(value).isPresent() && !installation.isSuspended());
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("token", value).put("expires_at", expires.toString());
        answer.set("permissions", permissions);
        answer.put("repository_selection", "selected");
        answer.putArray("repositories").addObject().put("full_name", repository);
        return answer;
    }

    private static String random(int bytes) {
        byte[] content = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(content);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(content);
    }

    private static ObjectNode describe(GitHubApp app) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", app.id())
                .put("client_id", app.clientId())
                .put("slug", app.slug())
                .put("name", app.slug())
                .put("node_id", "A_" + app.id())
                .putNull("description")
                .put("external_url", "https://example.com")
                .put("html_url", "https://github.com/apps/" + app.slug())
                .put("created_at", CREATED)
                .put("updated_at", CREATED)
                .put("installations_count", 1);
        json.putObject("owner").put("login", "acme").put("id", 1).put("type", "Organization");
        ObjectNode permissions = json.putObject("permissions");
        app.permissions().forEach(permissions::put);
        json.putArray("events");
        return json;
    }

    private static ObjectNode describe(GitHubInstallation installation) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", installation.id());
        String url = "https://api.github.com/app/installations/" + installation.id();
        json.putObject("account")
                .put("login", installation.account())
                .put("id", 1)
                .put("type", "Organization");
        json.put("access_tokens_url", url + "/access_tokens")
                .put("repositories_url", "https://api.github.com/installation/repositories")
                .put("html_url", "https://github.com/organizations/acme/settings/installations/" + installation.id())
                .put("target_id", 1)
                .put("created_at", CREATED)
                .put("updated_at", CREATED)
                .putNull("single_file_name");
        json.put("repository_selection", "selected")
                .put("app_id", installation.app().id())
                .put("app_slug", installation.app().slug())
                .put("target_type", "Organization");
        ObjectNode permissions = json.putObject("permissions").put("metadata", "read");
        installation.granted().forEach(permissions::put);
        json.putArray("events");
        if (installation.isSuspended()) {
            json.put("suspended_at", CREATED);
            json.putObject("suspended_by").put("login", "grace");
        } else {
            json.putNull("suspended_at").putNull("suspended_by");
        }
        return json;
    }
}
