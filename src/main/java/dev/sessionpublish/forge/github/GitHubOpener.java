package dev.sessionpublish.forge.github;

import dev.sessionpublish.forge.AppCredential;
import dev.sessionpublish.forge.AppKey;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.ForgeConnector;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.Credential;
import dev.sessionpublish.http.RestApi;
import java.security.PrivateKey;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Opens the repositories of one GitHub host. Keeps the credentials of Apps, so that all publishes of a repository share
 * their tokens: the {@value #MOST_KEPT} most recently used ones. A changed key is another credential.
 */
final class GitHubOpener implements ForgeConnector.Opener {
    private static final int MOST_KEPT = 4096;

    private final RestApi api;
    private final GitHubTransport transport;
    private final Clock clock;
    private final Map<Use, InstallationCredential> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Use, InstallationCredential> eldest) {
            return size() > MOST_KEPT;
        }
    };

    /** With the private key itself: its public half, which others may know, gives nobody a token. */
    private record Use(RepositoryUrl repository, String appId, PrivateKey key, Optional<Long> installation) {}

    GitHubOpener(RestApi api, Clock clock) {
        this.api = api;
        this.transport = new GitHubTransport(api);
        this.clock = clock;
    }

    @Override
    public Forge open(RepositoryUrl repository, Credential credential) {
        return new GitHubForge(api.root(), repository, credential, transport, clock);
    }

    @Override
    public AppCredential app(RepositoryUrl repository, AppKey key) {
        Use use = new Use(repository, key.appId(), key.privateKey(), key.installationId());
        synchronized (kept) {
            return kept.computeIfAbsent(use, any -> new InstallationCredential(api, repository, key, clock));
        }
    }
}
