package dev.sessionpublish.embedded;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;

/** The contract against a {@link RealGitea}. */
@Tag("control-plane")
@Tag("forge")
class GiteaRemoteIT extends GitRemoteContract {
    private RealGitea gitea = new RealGitea("none");

    @Override
    Remote remote(GitServer.Option... options) throws Exception {
        boolean sha256 = Arrays.asList(options).contains(GitServer.Option.SHA256);
        Assumptions.assumeFalse(
                sha256 && hostGitIsOlderThan2Dot42(), "Gitea keeps sha256 repositories only with git 2.42 or later");
        gitea = RealGitea.withOrganisation();
        gitea.repository("web", sha256 ? "sha256" : "sha1");
        return new Remote(
                gitea.url("web"),
                gitea.collaborator("writer", "web", "write"),
                gitea.collaborator("reader", "web", "read"),
                gitea.user("stranger"));
    }

    @Override
    void refuseEveryPush(Remote remote, String text) throws Exception {
        gitea.preReceive("web", "echo '" + text + "'\nexit 1");
    }

    @Override
    Path caPem() {
        return gitea.caPem();
    }

    private static boolean hostGitIsOlderThan2Dot42() {
        String[] version = RealGit.in(Path.of("/")).run("version").split(" ")[2].split("\\.");
        int major = Integer.parseInt(version[0]);
        return major < 2 || (major == 2 && Integer.parseInt(version[1]) < 42);
    }
}
