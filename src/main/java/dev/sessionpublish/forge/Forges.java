package dev.sessionpublish.forge;

import dev.sessionpublish.git.ReceivePack;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.git.UploadPack;
import dev.sessionpublish.git.lfs.LfsServer;
import dev.sessionpublish.http.Credential;
import dev.sessionpublish.http.ForgeHttp;
import dev.sessionpublish.http.ForgeTrust;
import dev.sessionpublish.http.HttpProxy;
import dev.sessionpublish.http.RequestListener;
import dev.sessionpublish.http.RestApi;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.io.CloseMode;

/**
 * Access to forges: their REST API, git and Git LFS. Creates one HTTP client per host on first use and shares it
 * between all repositories and credentials. Thread-safe.
 */
public final class Forges implements AutoCloseable {
    private final ForgeHosts hosts;
    private final Map<ForgeKind, ForgeConnector> connectors;
    private final Connection connection;
    private final Clock clock;
    private final ScheduledExecutorService watchdog;
    private final Map<ForgeHost, Connected> connected = new HashMap<>();

    /**
     * Connection settings.
     *
     * @param timeout for connecting and for the longest silence of a forge; an API request may take three times as
     *     long, and any other ten times
     * @param answerTimeout for the longest silence of a forge that has received a whole pack or LFS object; its whole
     *     response to a pack may take six times as long
     * @param listener called for every request to any of the hosts
     */
    public record Connection(
            Duration timeout, Duration answerTimeout, Optional<HttpProxy> proxy, RequestListener listener) {
        private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(10);

        /** Waits ten minutes for the answer to a pack, or {@code timeout} if that is longer. */
        public Connection(Duration timeout, Optional<HttpProxy> proxy, RequestListener listener) {
            this(timeout, timeout.compareTo(ANSWER_TIMEOUT) > 0 ? timeout : ANSWER_TIMEOUT, proxy, listener);
        }
    }

    /**
     * @param hosts the allowed hosts
     * @param connectors a connector for each kind of forge in {@code hosts}
     */
    public Forges(ForgeHosts hosts, Map<ForgeKind, ForgeConnector> connectors, Connection connection, Clock clock) {
        this.hosts = hosts;
        this.connectors = Map.copyOf(connectors);
        this.connection = connection;
        this.clock = clock;
        this.watchdog = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "forge-timeouts");
            thread.setDaemon(true);
            return thread;
        });
    }

    private record Connected(CloseableHttpClient client, ForgeConnector.Opener opener, RateLimits limits) {}

    public ForgeHosts hosts() {
        return hosts;
    }

    /**
     * A repository with a credential. Sends no request yet.
     *
     * @throws RefusedException {@code network} if the host's CA bundle can't be loaded
     */
    public Forge open(ForgeHost host, RepositoryUrl repository, Credential credential) throws RefusedException {
        Connected found = connected(host);
        return found.limits.enforce(found.opener.open(repository, credential), credential.account());
    }

    /**
     * A GitHub App as the credential for one repository. Sends no request yet.
     *
     * @param host of GitHub
     * @throws RefusedException as {@link #open}
     */
    public AppCredential app(ForgeHost host, RepositoryUrl repository, AppKey key) throws RefusedException {
        return connected(host).opener.app(repository, key);
    }

    /** Pushes to repositories of a host. Throws as {@link #open}. */
    public ReceivePack receivePack(ForgeHost host) throws RefusedException {
        return new ReceivePack(connected(host).client, watchdog, connection.timeout, connection.answerTimeout);
    }

    /** Reads from repositories of a host. Throws as {@link #open}. */
    public UploadPack uploadPack(ForgeHost host) throws RefusedException {
        return new UploadPack(connected(host).client);
    }

    /**
     * Uploads LFS objects. Throws as {@link #open}.
     *
     * @param repository the URL that git pushes to
     */
    public LfsServer lfs(ForgeHost host, URI repository, Credential credential) throws RefusedException {
        return new LfsServer(
                connected(host).client,
                repository,
                credential,
                host.lfsHosts(),
                watchdog,
                new LfsServer.Timeouts(connection.timeout, connection.answerTimeout));
    }

    private Connected connected(ForgeHost host) throws RefusedException {
        synchronized (connected) {
            Connected known = connected.get(host);
            if (known == null) {
                CloseableHttpClient client = connect(host);
                known = new Connected(client, opener(host, client), new RateLimits(clock));
                connected.put(host, known);
            }
            return known;
        }
    }

    private ForgeConnector.Opener opener(ForgeHost host, CloseableHttpClient client) {
        RestApi api = new RestApi(host.apiUrl(), client, connection.timeout.multipliedBy(3));
        return Objects.requireNonNull(connectors.get(host.kind())).connect(host, api);
    }

    private CloseableHttpClient connect(ForgeHost host) throws RefusedException {
        try {
            ForgeTrust trust = ForgeTrust.of(host.caBundle(), host.ownHosts());
            return ForgeHttp.create(trust, connection.timeout, connection.proxy, connection.listener);
        } catch (IOException e) {
            throw new RefusedException(
                    SharedReason.NETWORK,
                    "The CA bundle of " + host.authority() + " can't be loaded. Check that the caBundle in the forges"
                            + " file exists and contains PEM certificates.");
        }
    }

    /** Cancels running requests. */
    @Override
    public void close() {
        watchdog.shutdownNow();
        synchronized (connected) {
            connected.values().forEach(each -> each.client.close(CloseMode.IMMEDIATE));
            connected.clear();
        }
    }
}
