package dev.sessionpublish.forge;

import dev.sessionpublish.forge.gitea.GiteaForge;
import dev.sessionpublish.forge.github.GitHubForge;
import dev.sessionpublish.forge.github.GitHubTransport;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.ForgeHttp;
import dev.sessionpublish.http.HttpProxy;
import dev.sessionpublish.http.RequestListener;
import dev.sessionpublish.http.RestApi;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.io.CloseMode;

/**
 * Opens repositories on forges. Keeps one HTTP client for each host, made when it is first needed and shared by every
 * repository and credential. Safe for many threads.
 */
public final class Forges implements AutoCloseable {
    private final Duration timeout;
    private final Optional<HttpProxy> proxy;
    private final RequestListener listener;
    private final Clock clock;
    private final ScheduledExecutorService alarms;
    private final Map<ForgeHost, Connected> hosts = new HashMap<>();

    /** As the other, and nobody listens. */
    public Forges(Duration timeout, Optional<HttpProxy> proxy, Clock clock) {
        this(timeout, proxy, RequestListener.NONE, clock);
    }

    /**
     * @param timeout for connecting and for the longest silence of a forge; an API request may take three times it
     * @param listener is told of every request to any of the hosts
     */
    public Forges(Duration timeout, Optional<HttpProxy> proxy, RequestListener listener, Clock clock) {
        this.timeout = timeout;
        this.proxy = proxy;
        this.listener = listener;
        this.clock = clock;
        this.alarms = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "forge-timeouts");
            thread.setDaemon(true);
            return thread;
        });
    }

    private interface Opener {
        Forge open(RepositoryUrl repository, Token token);
    }

    private record Connected(CloseableHttpClient client, Opener opener) {}

    /**
     * One repository with one credential; asks the forge nothing yet.
     *
     * @throws RefusedException {@code network} when the host's CA bundle can't be used
     */
    public Forge open(ForgeHost host, RepositoryUrl repository, Token token) throws RefusedException {
        return connected(host).opener().open(repository, token);
    }

    /** The client of a host, for what else is spoken to it. It stays open until this is closed. */
    public CloseableHttpClient client(ForgeHost host) throws RefusedException {
        return connected(host).client();
    }

    private Connected connected(ForgeHost host) throws RefusedException {
        synchronized (hosts) {
            Connected known = hosts.get(host);
            if (known == null) {
                CloseableHttpClient client = connect(host);
                known = new Connected(
                        client, opener(host, new RestApi(host.apiUrl(), client, alarms, timeout.multipliedBy(3))));
                hosts.put(host, known);
            }
            return known;
        }
    }

    private Opener opener(ForgeHost host, RestApi api) {
        Opener opener =
                switch (host.kind()) {
                    case GITHUB -> {
                        GitHubTransport transport = new GitHubTransport(api);
                        yield (repository, token) ->
                                new GitHubForge(host.apiUrl(), repository, token, transport, clock);
                    }
                    case GITEA, FORGEJO -> (repository, token) -> new GiteaForge(host.kind(), api, repository, token);
                };
        RateLimits limits = new RateLimits(clock);
        return (repository, token) -> limits.heed(opener.open(repository, token), token);
    }

    private CloseableHttpClient connect(ForgeHost host) throws RefusedException {
        try {
            return ForgeHttp.create(host.caBundle(), timeout, proxy, listener);
        } catch (IOException e) {
            throw new RefusedException(
                    Reason.NETWORK,
                    "The CA bundle of " + host.authority() + " can't be used: check that the file named in the forges"
                            + " file is there and holds PEM certificates.");
        }
    }

    /** Ends what is still being asked. */
    @Override
    public void close() {
        alarms.shutdownNow();
        synchronized (hosts) {
            hosts.values().forEach(each -> each.client().close(CloseMode.IMMEDIATE));
            hosts.clear();
        }
    }
}
