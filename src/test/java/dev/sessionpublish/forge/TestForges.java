package dev.sessionpublish.forge;

import dev.sessionpublish.forge.gitea.GiteaForge;
import dev.sessionpublish.forge.github.GitHubForge;
import dev.sessionpublish.http.RequestListener;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Access to forges of every kind, without a proxy. */
public final class TestForges {
    private TestForges() {}

    public static Forges create(Duration timeout, Clock clock) {
        return new Forges(
                ForgeHosts.DEFAULT,
                Map.of(
                        ForgeKind.GITHUB, GitHubForge.connector(clock),
                        ForgeKind.GITEA, GiteaForge.connector(),
                        ForgeKind.FORGEJO, GiteaForge.connector()),
                new Forges.Connection(timeout, Optional.empty(), RequestListener.NONE),
                clock);
    }
}
