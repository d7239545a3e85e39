package dev.sessionpublish.controlplane;

import dev.sessionpublish.embedded.ForgeProxy;
import dev.sessionpublish.gitea.GiteaOrganization;
import dev.sessionpublish.gitea.GiteaRepository;
import dev.sessionpublish.gitea.GiteaServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A real API server, and a real Gitea as the forge: reached as it is, or through a proxy by which a request can be held
 * at any moment. The operator may talk to both names.
 */
final class GiteaWorld implements AutoCloseable {
    private final ControlPlaneWorld cluster;
    private final GiteaServer server;
    private final GiteaOrganization organization;
    private final ForgeProxy proxy;
    private final List<GiteaTeam> teams = new ArrayList<>();

    private GiteaWorld(ControlPlaneWorld cluster, GiteaServer server) throws IOException {
        this.cluster = cluster;
        this.server = server;
        this.organization = GiteaOrganization.create(server);
        this.proxy = ForgeProxy.start(cluster.ca(), server.settings().url(), server.caPem());
        Files.writeString(
                forges(),
                server.settings().forgesEntry()
                        + """
                - host: %s
                  kind: Gitea
                  caBundle: %s
                """.formatted(proxy.authority(), cluster.ca().caPem().toAbsolutePath()));
    }

    /** @param cluster stays the caller's to close */
    static GiteaWorld start(ControlPlaneWorld cluster) throws IOException {
        return new GiteaWorld(cluster, GiteaServer.start());
    }

    ControlPlaneWorld cluster() {
        return cluster;
    }

    GiteaServer server() {
        return server;
    }

    ForgeProxy proxy() {
        return proxy;
    }

    /** The forges file that names both. */
    Path forges() {
        return cluster.directory().resolve("gitea.yaml");
    }

    /** A namespace of its own, the repository that its sessions publish to, and a user who may write there. */
    GiteaTeam team(String prefix) throws IOException {
        return team(prefix, server.authority());
    }

    /** As {@link #team}, whose project names the proxy as its host. */
    GiteaTeam teamBehindProxy(String prefix) throws IOException {
        return team(prefix, proxy.authority());
    }

    private GiteaTeam team(String prefix, String authority) throws IOException {
        String namespace = cluster.controlPlane().createNamespace(cluster.admin(), prefix);
        GiteaRepository repository = organization.createRepository(namespace);
        String writer = "writer-" + namespace;
        server.admin().createUser(writer);
        repository.addCollaborator(writer, "write");
        GiteaTeam team = new GiteaTeam(
                this,
                namespace,
                repository,
                authority,
                writer,
                server.admin().createToken(writer, "write:repository", "write:issue"));
        teams.add(team);
        return team;
    }

    /** All that were made. */
    List<GiteaTeam> teams() {
        return List.copyOf(teams);
    }

    @Override
    public void close() throws IOException {
        teams.forEach(Team::abandon);
        proxy.close();
        server.close();
    }
}
