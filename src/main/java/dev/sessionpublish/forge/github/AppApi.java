package dev.sessionpublish.forge.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sessionpublish.forge.AppInstallation;
import dev.sessionpublish.forge.AppKey;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.http.RestApi;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.RefusedException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The requests that a GitHub App sends as itself for one repository: about its installation, and for a token.
 *
 * @param jwts signs and sends them
 * @see <a href="https://docs.github.com/en/rest/apps/apps">REST API endpoints for GitHub Apps</a>
 */
record AppApi(AppRequests jwts, RestApi api, RepositoryUrl repository, AppKey key, Clock clock) {
    private static final int MOST_REDIRECTS = 3;
    private static final Pattern BY_ID = Pattern.compile(".*/repositories/([1-9]\\d{0,17})/installation");
    /** Names of users, organizations, Apps and permissions. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9](?:[\\w-]{0,98}[A-Za-z0-9])?");

    private static final Pattern LEVEL = Pattern.compile("read|write|admin");
    private static final int MOST_PERMISSIONS = 200;
    /** GitHub's tokens live for an hour. A longer time is not believed, so that the permissions are asked for again. */
    private static final Duration LONGEST_LIFETIME = Duration.ofHours(1);

    /**
     * An installation, and how to name the repository in a request for a token.
     *
     * @param owner {@code Organization} or {@code User}
     * @param byId the repository's id, if it has been renamed; else 0
     */
    record Found(String slug, long id, String account, String owner, Map<String, String> granted, long byId) {}

    /** @param lifetime from now on, by the forge's clock */
    record Issued(Token token, Duration lifetime) {}

    /** @throws RefusedException auth, app-not-installed, app-suspended, rate-limited, network, server-error */
    Found installation() throws RefusedException {
        URI at = URI.create(api.root()
                + key.installationId()
                        .map(id -> "/app/installations/" + id)
                        .orElse("/repos/" + repository.owner() + "/" + repository.name() + "/installation"));
        Answer answer = jwts.get(at);
        for (int hops = 0; answer.isRedirect() && hops < MOST_REDIRECTS; hops++) {
            at = api.target(at, answer);
            answer = jwts.get(at);
        }
        if (answer.status() == 404) {
            Answer app = jwts.get(URI.create(api.root() + "/app"));
            throw refusals().notFound(app, answer);
        }
        if (!answer.isSuccess()) {
            throw refusals().of(answer);
        }
        JsonNode json = answer.json();
        Found found = new Found(
                name(json.path("app_slug")),
                json.path("id").asLong(),
                name(json.path("account").path("login")),
                name(json.path("target_type")),
                permissions(json.path("permissions")),
                repositoryId(at));
        if (!json.path("suspended_at").isMissingNode()
                && !json.path("suspended_at").isNull()) {
            throw refusals().suspended(found);
        }
        return found;
    }

    /**
     * Requests a token for the repository.
     *
     * @param permissions of the token, all of them granted
     * @throws RefusedException as {@link #installation}; forbidden if a permission has been withdrawn meanwhile
     */
    Issued token(Found installation, Map<String, String> permissions) throws RefusedException {
        Answer answer = jwts.post(
                URI.create(api.root() + "/app/installations/" + installation.id() + "/access_tokens"),
                AppRequests.scope(repository.name(), installation.byId(), permissions));
        if (!answer.isSuccess()) {
            throw refusals().ofToken(answer, installation);
        }
        try {
            JsonNode json = answer.json();
            Token token =
                    new Token(Objects.requireNonNullElse(json.path("token").textValue(), ""));
            Instant expires =
                    OffsetDateTime.parse(json.path("expires_at").asText()).toInstant();
            Duration lifetime = Duration.between(answer.date().orElseGet(clock::instant), expires);
            return new Issued(token, lifetime.compareTo(LONGEST_LIFETIME) > 0 ? LONGEST_LIFETIME : lifetime);
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw refusals().unreadable();
        }
    }

    /** What to do about missing permissions: grant them to the App, or accept what it has been granted. */
    String remedy(Found found) throws RefusedException {
        if (AppInstallation.missing(found.granted()).isEmpty()) {
            return "";
        }
        Answer answer = jwts.get(URI.create(api.root() + "/app"));
        if (!answer.isSuccess()) {
            throw refusals().of(answer);
        }
        JsonNode app = answer.json();
        Map<String, String> requested = permissions(app.path("permissions"));
        String accept = AppPages.installation(repository.authority(), found) + "/permissions/update";
        if (AppInstallation.missing(requested).size()
                < AppInstallation.missing(found.granted()).size()) {
            return "the App requests more than the owner of " + found.account() + " has accepted: accept the App's new"
                    + " permissions at " + accept + ".";
        }
        return "grant it in the App's settings at "
                + AppPages.settings(repository.authority(), app.path("owner"), found.slug())
                + "/permissions (Repository permissions), then accept the change at " + accept + ".";
    }

    private AppRefusals refusals() {
        return new AppRefusals(repository, key, jwts.quotes(), clock);
    }

    private String name(JsonNode text) throws RefusedException {
        if (!text.isTextual() || !NAME.matcher(text.textValue()).matches()) {
            throw refusals().unreadable();
        }
        return text.textValue();
    }

    private static Map<String, String> permissions(JsonNode json) {
        Map<String, String> permissions = new TreeMap<>();
        json.properties().forEach(each -> {
            if (permissions.size() < MOST_PERMISSIONS
                    && NAME.matcher(each.getKey()).matches()
                    && LEVEL.matcher(each.getValue().asText()).matches()) {
                permissions.put(each.getKey(), each.getValue().asText());
            }
        });
        return permissions;
    }

    private static long repositoryId(URI at) {
        Matcher byId = BY_ID.matcher(at.getPath());
        return byId.matches() ? Long.parseLong(byId.group(1)) : 0;
    }
}
