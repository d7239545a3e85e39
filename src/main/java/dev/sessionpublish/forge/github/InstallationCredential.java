package dev.sessionpublish.forge.github;

import dev.sessionpublish.forge.AppCredential;
import dev.sessionpublish.forge.AppInstallation;
import dev.sessionpublish.forge.AppKey;
import dev.sessionpublish.forge.AppPermission;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.RestApi;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.Redactor;
import dev.sessionpublish.outcome.RefusedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The tokens of a GitHub App's installation for one repository. Never written anywhere but to memory. */
final class InstallationCredential implements AppCredential {
    /** Longer than any REST request and its answer may take. */
    private static final Duration BEFORE_EXPIRY = Duration.ofMinutes(5);
    /** A request may still be under way with the token before the last. */
    private static final int TOKENS_REDACTED = 3;

    private final RestApi api;
    private final RepositoryUrl repository;
    private final AppKey key;
    private final Clock clock;
    private final Redactor redactor = Redactor.current(this::known);

    private final List<String> issued = new ArrayList<>();
    private Redactor known;
    private @Nullable Minted current;
    private @Nullable CompletableFuture<Minted> pending;

    private record Minted(Token token, Instant usableUntil, AppInstallation installation) {}

    /** An installation's rate limit holds for all repositories that it covers. */
    private record Account(long installation) {}

    InstallationCredential(RestApi api, RepositoryUrl repository, AppKey key, Clock clock) {
        this.api = api;
        this.repository = repository;
        this.key = key;
        this.clock = clock;
        this.known = key.redactor();
    }

    @Override
    public Token token() throws RefusedException {
        return usable().token;
    }

    @Override
    public AppInstallation installation() throws RefusedException {
        return usable().installation;
    }

    @Override
    public AppInstallation refreshed() throws RefusedException {
        synchronized (this) {
            current = null;
        }
        return installation();
    }

    @Override
    public synchronized void rejected(Token token) {
        if (current != null && current.token.equals(token)) {
            current = null;
        }
    }

    /** Before the first token nothing is known but the key. */
    @Override
    public synchronized Object account() {
        return current == null ? key.privateKey() : new Account(current.installation.id());
    }

    @Override
    public Redactor redactor() {
        return redactor;
    }

    private synchronized Redactor known() {
        return known;
    }

    @Override
    public Optional<String> login() throws RefusedException {
        return Optional.of(installation().slug() + "[bot]");
    }

    private Minted usable() throws RefusedException {
        CompletableFuture<Minted> awaited;
        boolean first;
        synchronized (this) {
            if (current != null && clock.instant().isBefore(current.usableUntil)) {
                return current;
            }
            first = pending == null;
            awaited = first ? new CompletableFuture<>() : pending;
            pending = awaited;
        }
        if (first) {
            complete(awaited);
        }
        try {
            return awaited.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RefusedException refused) {
                throw refused;
            }
            throw e;
        }
    }

    /** For this thread and all that wait. */
    private void complete(CompletableFuture<Minted> awaited) {
        Throwable failure = new IllegalStateException("no token was requested");
        try {
            Minted minted = minted();
            synchronized (this) {
                current = minted;
            }
            awaited.complete(minted);
        } catch (RefusedException | RuntimeException e) {
            failure = e;
        } finally {
            synchronized (this) {
                pending = null;
            }
            awaited.completeExceptionally(failure);
        }
    }

    private Minted minted() throws RefusedException {
        AppApi app = new AppApi(new AppRequests(api, key, clock), api, repository, key, clock);
        AppApi.Found found = app.installation();
        AppInstallation installation =
                new AppInstallation(found.slug(), found.id(), found.account(), found.granted(), app.remedy(found));
        AppApi.Issued token = app.token(found, wanted(found.granted()));
        redact(token.token());
        return new Minted(token.token(), clock.instant().plus(token.lifetime()).minus(BEFORE_EXPIRY), installation);
    }

    /** What the operator uses, as far as it is granted. */
    private static Map<String, String> wanted(Map<String, String> granted) {
        Map<String, String> wanted = new TreeMap<>(Map.of("metadata", "read"));
        List<AppPermission> used = new ArrayList<>(AppPermission.NEEDED);
        used.add(AppPermission.WORKFLOWS);
        used.forEach(each -> each.within(granted).ifPresent(access -> wanted.put(each.name(), access)));
        return wanted;
    }

    private synchronized void redact(Token token) {
        issued.add(token.value());
        if (issued.size() > TOKENS_REDACTED) {
            issued.remove(0);
        }
        known = Redactor.both(key.redactor(), new Redactor(issued));
    }

    @Override
    public String toString() {
        return key + " for " + repository;
    }
}
