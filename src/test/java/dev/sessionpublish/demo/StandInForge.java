package dev.sessionpublish.demo;

import dev.sessionpublish.embedded.Access.Permission;
import dev.sessionpublish.embedded.GitHubStandIn;
import dev.sessionpublish.embedded.GitHubToken.Access;
import dev.sessionpublish.embedded.GitServer;
import dev.sessionpublish.embedded.RealGit;
import dev.sessionpublish.embedded.TestCa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The stand-in for GitHub, in this process: git's own smart HTTP, and the API over the same repository. */
final class StandInForge implements DemoForge {
    private static final String REPOSITORY = "acme/web";
    private static final String TOKEN = "ghp_demo+7Zq/9x=W3vRt5Yb8Nc1Md4Kf6Hg2Js1";
    private static final String PUSH_TOKEN = "ghp_push0nly+5Tk/2v=H8sQw3Ze6Rb1Xc4Yd7Lp";

    private final TestCa ca;
    private final GitServer git;
    private final GitHubStandIn gitHub;

    private StandInForge(TestCa ca, GitServer git, GitHubStandIn gitHub) {
        this.ca = ca;
        this.git = git;
        this.gitHub = gitHub;
    }

    static StandInForge start(Path directory) throws IOException {
        requireHttpBackend();
        TestCa ca = TestCa.create(directory.resolve("ca"));
        GitServer git = GitServer.start(ca, directory.resolve("git"));
        GitHubStandIn gitHub = GitHubStandIn.start(ca, git.root(), "https://localhost:" + git.port());
        git.createRepository(REPOSITORY);
        git.access().token(TOKEN, "agent-bot", Map.of(REPOSITORY, Permission.WRITE));
        git.token(PUSH_TOKEN, Map.of(REPOSITORY, Permission.WRITE));
        gitHub.token(TOKEN, "agent-bot").may(Access.WRITE, REPOSITORY);
        return new StandInForge(ca, git, gitHub);
    }

    /** Some distributions keep it apart from git. */
    private static void requireHttpBackend() {
        String programs = RealGit.in(Path.of(".")).run("--exec-path");
        if (!Files.isExecutable(Path.of(programs, "git-http-backend"))) {
            throw new IllegalStateException("git has no http-backend, which the git server here is made of: install it"
                    + " (in Alpine it is in the package git-daemon).");
        }
    }

    @Override
    public String introduction() {
        return """
                The operator that runs here is the real one, and so is git, on both sides. The rest is a
                stand-in in this process, reachable from this machine only, and gone when the demo ends:
                an API server (no scheduler, no kubelet: a pod is a directory, an exec is a process in
                it), and GitHub's API. Nothing leaves this machine. Starting takes a few seconds ...""";
    }

    @Override
    public List<String> whereabouts() {
        return List.of(
                "git server     " + repositoryUrl() + "   (the bare repository is " + bare() + ")",
                "GitHub's API   " + gitHub.apiUrl());
    }

    @Override
    public String entry() {
        return """
                - host: localhost:%d
                  kind: GitHub
                  apiUrl: %s
                  caBundle: %s
                """.formatted(git.port(), gitHub.apiUrl(), ca.caPem().toAbsolutePath());
    }

    @Override
    public String repositoryUrl() {
        return git.url(REPOSITORY);
    }

    private Path bare() {
        return git.repository(REPOSITORY);
    }

    @Override
    public String cloneUrl() {
        return bare().toUri().toString();
    }

    @Override
    public Map<String, String> cloneEnvironment() {
        return Map.of();
    }

    @Override
    public String token() {
        return TOKEN;
    }

    @Override
    public String pushToken() {
        return PUSH_TOKEN;
    }

    @Override
    public Optional<String> tip(String branch) {
        return git.tip(REPOSITORY, branch);
    }

    @Override
    public Shown log(String branch) {
        String range = "main.." + branch;
        return new Shown(
                "git log --format='%h %s (%an)' " + range + "   # at the remote",
                git.git(REPOSITORY).run("log", "--format=%h %s (%an)", range));
    }

    @Override
    public void humanPushes(String branch, String message) {
        RealGit here = git.git(REPOSITORY);
        here.run(
                "update-ref",
                "refs/heads/" + branch,
                here.run("commit-tree", "-m", message, "-p", branch, branch + "^{tree}"));
    }

    @Override
    public List<Pull> pulls() {
        return gitHub.pulls(REPOSITORY).stream()
                .map(each -> new Pull(
                        each.number(),
                        each.open(),
                        each.headBranch(),
                        each.baseBranch(),
                        each.title(),
                        repositoryUrl() + "/pull/" + each.number(),
                        each.render(REPOSITORY)))
                .toList();
    }

    @Override
    public String teller() {
        return "The pull request, as stored by the stand-in for GitHub:";
    }

    @Override
    public String lookAt(String branch) {
        return "git -C " + bare() + " log --oneline " + branch;
    }

    @Override
    public void close() throws IOException {
        gitHub.close();
        git.close();
    }
}
