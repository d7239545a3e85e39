package dev.sessionpublish.forge.github;

import dev.sessionpublish.embedded.AppKeyPair;
import dev.sessionpublish.embedded.GitHubApp;
import dev.sessionpublish.embedded.GitHubInstallation;
import dev.sessionpublish.embedded.GitHubStandIn;
import dev.sessionpublish.embedded.TestCa;
import dev.sessionpublish.forge.AppCredential;
import dev.sessionpublish.forge.AppKey;
import dev.sessionpublish.forge.BareOrigin;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.ForgeHost;
import dev.sessionpublish.forge.ForgeKind;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.forge.TestForges;
import dev.sessionpublish.git.RepositoryUrl;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** GitHub with one App, which is installed on {@code acme/web}, and a clock of ours; GitHub's is the machine's. */
final class GitHubAppScene implements AutoCloseable {
    static final String REPOSITORY = "acme/web";
    static final Map<String, String> ALL = Map.of(
            "contents", "write", "pull_requests", "write", "checks", "read", "statuses", "read", "issues", "write");
    static final AppKeyPair PAIR = AppKeyPair.generate();

    private final GitHubStandIn gitHub;
    private final Forges forges;
    private final GitHubApp app;
    private final GitHubInstallation installation;
    private final ForgeHost host;
    private final TestClock ours = new TestClock();

    /** Stands still until it is moved. */
    static final class TestClock extends Clock {
        private volatile Instant now = Instant.now();

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }

        void move(Duration by) {
            now = now.plus(by);
        }
    }

    GitHubAppScene(TestCa ca, Path root) throws IOException {
        BareOrigin.create(root.resolve(REPOSITORY + ".git"));
        gitHub = GitHubStandIn.start(ca, root, "https://git.example.com");
        app = gitHub.apps().app("octo-publisher", ALL).withKey(PAIR);
        installation = gitHub.apps().install(app, REPOSITORY);
        forges = TestForges.create(Duration.ofSeconds(20), ours);
        host = new ForgeHost("git.example.com", ForgeKind.GITHUB, gitHub.apiUrl(), Optional.of(ca.caPem()), Set.of());
    }

    GitHubStandIn gitHub() {
        return gitHub;
    }

    GitHubApp app() {
        return app;
    }

    GitHubInstallation installation() {
        return installation;
    }

    TestClock ours() {
        return ours;
    }

    AppCredential credential() throws Exception {
        return credential(PAIR, String.valueOf(app.id()), Optional.empty());
    }

    AppCredential credential(AppKeyPair pair, String appId, Optional<String> installationId) throws Exception {
        return forges.app(host, url(), AppKey.of(appId, pair.pkcs1(), installationId));
    }

    /** The same of GitHub Enterprise Server, whose API is below {@code /api/v3}. */
    AppCredential enterpriseCredential() throws Exception {
        URI api = gitHub.enterpriseApiUrl();
        return forges.app(
                new ForgeHost(host.authority(), host.kind(), api, host.caBundle(), Set.of()),
                url(),
                AppKey.of(String.valueOf(app.id()), PAIR.pkcs1(), Optional.empty()));
    }

    Forge forge(AppCredential credential) throws Exception {
        return forges.open(host, url(), credential);
    }

    private static RepositoryUrl url() {
        return new RepositoryUrl("git.example.com", "acme", "web");
    }

    /** Method and path of each request so far. */
    List<String> lines() {
        return gitHub.exchanges().stream()
                .map(each -> each.line() + " " + each.status())
                .toList();
    }

    @Override
    public void close() {
        forges.close();
        gitHub.close();
    }
}
