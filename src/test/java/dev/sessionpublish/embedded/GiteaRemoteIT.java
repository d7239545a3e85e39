package dev.sessionpublish.embedded;

import dev.sessionpublish.gitea.GiteaOrganization;
import dev.sessionpublish.gitea.GiteaRepository;
import dev.sessionpublish.gitea.GiteaServer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;

/** The contract against a real Gitea. */
@Tag("control-plane")
@Tag("forge")
class GiteaRemoteIT extends GitRemoteContract {
    @AutoClose
    private static final GiteaServer GITEA = GiteaServer.running();

    private @Nullable GiteaRepository repository;

    @Override
    Remote remote(GitServer.Option... options) throws Exception {
        boolean sha256 = Arrays.asList(options).contains(GitServer.Option.SHA256);
        Assumptions.assumeFalse(
                sha256 && hostGitIsOlderThan2Dot42(), "Gitea keeps sha256 repositories only with git 2.42 or later");
        GiteaOrganization organization = GiteaOrganization.create(GITEA);
        GiteaRepository web = organization.createRepository("web", sha256 ? "sha256" : "sha1");
        repository = web;
        return new Remote(
                web.url(),
                organization.createCollaborator("writer", web, "write"),
                organization.createCollaborator("reader", web, "read"),
                organization.createUser("stranger"));
    }

    @Override
    void refuseEveryPush(Remote remote, String text) throws Exception {
        GITEA.preReceive(Objects.requireNonNull(repository), "echo '" + text + "'\nexit 1");
    }

    @Override
    Path caPem() {
        return GITEA.caPem();
    }

    private static boolean hostGitIsOlderThan2Dot42() {
        String[] version = RealGit.in(Path.of("/")).run("version").split(" ")[2].split("\\.");
        int major = Integer.parseInt(version[0]);
        return major < 2 || (major == 2 && Integer.parseInt(version[1]) < 42);
    }
}
