package dev.sessionpublish.controlplane;

import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.embedded.ForgeProxy;
import dev.sessionpublish.gitea.GiteaOrganization;
import dev.sessionpublish.gitea.GiteaRepository;
import dev.sessionpublish.gitea.GiteaServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A real API server, and a real Gitea as the forge: reached as it is, or through a proxy by which a request can be held
 * at any moment. The operator may talk to both names.
 */
final class GiteaWorld implements AutoCloseable {
    private final ControlPlaneWorld cluster;
    private final GiteaServer gitea;
    private final GiteaOrganization organization;
    private final ForgeProxy proxy;
    private final List<GiteaTeam> teams = new ArrayList<>();

    private GiteaWorld(ControlPlaneWorld cluster, GiteaServer gitea) throws IOException {
        this.cluster = cluster;
        this.gitea = gitea;
        this.organization = GiteaOrganization.create(gitea);
        this.proxy = ForgeProxy.start(cluster.ca(), gitea.settings().url(), gitea.caPem());
        Files.writeString(
                forges(),
                gitea.settings().forgesEntry()
                        + """
                - host: %s
                  kind: Gitea
                  caBundle: %s
                """.formatted(proxy.authority(), cluster.ca().caPem().toAbsolutePath()));
    }

    /** @param directory must be visible to pods as a hostPath */
    static GiteaWorld start(Path directory) throws IOException {
        return new GiteaWorld(ControlPlaneWorld.start(directory), GiteaServer.start());
    }

    ControlPlaneWorld cluster() {
        return cluster;
    }

    GiteaServer gitea() {
        return gitea;
    }

    ForgeProxy proxy() {
        return proxy;
    }

    PackagedOperator startOperator(Map<String, String> more) throws IOException {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("SESSION_PUBLISH_FORGES", forges().toString());
        return cluster.startOperator(settings);
    }

    private Path forges() {
        return cluster.directory().resolve("gitea.yaml");
    }

    /** A namespace of its own, the repository that its sessions publish to, and a user who may write there. */
    GiteaTeam team(String prefix) throws IOException {
        return team(prefix, gitea.authority());
    }

    /** As {@link #team}, whose project names the proxy as its host. */
    GiteaTeam teamBehindProxy(String prefix) throws IOException {
        return team(prefix, proxy.authority());
    }

    private GiteaTeam team(String prefix, String authority) throws IOException {
        String namespace = cluster.controlPlane().createNamespace(cluster.admin(), prefix);
        GiteaRepository repository = organization.createRepository(namespace);
        String writer = "writer-" + namespace;
        gitea.admin().createUser(writer);
        repository.addCollaborator(writer, "write");
        GiteaTeam team = new GiteaTeam(
                this,
                new Team(cluster, namespace, repository.path()),
                repository,
                authority,
                writer,
                gitea.admin().createToken(writer, "write:repository", "write:issue"));
        teams.add(team);
        return team;
    }

    /** All that were made. */
    List<GiteaTeam> teams() {
        return List.copyOf(teams);
    }

    @Override
    public void close() throws IOException {
        teams.forEach(each -> each.team().abandon());
        proxy.close();
        gitea.close();
        cluster.close();
    }
}
