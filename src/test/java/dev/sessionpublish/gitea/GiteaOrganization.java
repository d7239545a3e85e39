package dev.sessionpublish.gitea;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * An organization of its own in a Gitea that other tests use too.
 *
 * @param run ends the organization's name and those of its users, so that they are unique
 */
public record GiteaOrganization(GiteaServer server, String run) {

    public static GiteaOrganization create(GiteaServer server) throws IOException {
        var organization = new GiteaOrganization(server, Long.toString(System.nanoTime(), 36));
        server.admin().createOrganization(organization.owner());
        return organization;
    }

    public String owner() {
        return "acme-" + run;
    }

    /** Creates a private repository with one commit on {@code main}. */
    public GiteaRepository createRepository(String name) throws IOException {
        return createRepository(name, "sha1");
    }

    public GiteaRepository createRepository(String name, String objectFormat) throws IOException {
        return server.admin()
                .createRepository(owner(), name, Map.of("private", true, "object_format_name", objectFormat));
    }

    /** The name of the user with this role. */
    public String login(String role) {
        return role + "-" + run;
    }

    /** Creates a user; returns a token of it for repositories. */
    public String createUser(String role) throws IOException {
        server.admin().createUser(login(role));
        return createToken(role, "write:repository");
    }

    /** Creates a user with a permission in a repository; returns a token of it for repositories. */
    public String createCollaborator(String role, GiteaRepository repository, String permission) throws IOException {
        String token = createUser(role);
        repository.addCollaborator(login(role), permission);
        return token;
    }

    /** Creates a team that may write to every repository of the organization. */
    public void createTeam(String name) throws IOException {
        Map<String, ?> team = Map.of(
                "name",
                name,
                "permission",
                "write",
                "units",
                List.of("repo.code", "repo.pulls"),
                "includes_all_repositories",
                true);
        server.admin().call("POST", "/orgs/" + owner() + "/teams", team);
    }

    public String createToken(String role, String... scopes) throws IOException {
        return server.admin().createToken(login(role), scopes);
    }
}
