package dev.sessionpublish.embedded;

import static dev.sessionpublish.embedded.Access.Permission.READ;
import static dev.sessionpublish.embedded.Access.Permission.WRITE;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedGitRemoteIT extends GitRemoteContract {
    private static TestCa ca;

    @TempDir
    Path directory;

    @AutoClose
    private GitServer server;

    @BeforeAll
    static void authority(@TempDir Path keys) throws Exception {
        ca = TestCa.create(keys);
    }

    @BeforeEach
    void start() throws Exception {
        server = GitServer.start(ca, directory);
    }

    @Override
    Remote remote(GitServer.Option... options) throws Exception {
        server.createRepository("acme/web", options);
        server.token("writes", Map.of("acme/web", WRITE));
        server.token("reads", Map.of("acme/web", READ));
        server.token("elsewhere", Map.of("acme/other", WRITE));
        return new Remote(server.url("acme/web"), "writes", "reads", "elsewhere");
    }

    @Override
    void refuseEveryPush(Remote remote, String text) throws Exception {
        server.hook("acme/web", "pre-receive", "echo '" + text + "'; exit 1");
    }

    @Override
    Path caPem() {
        return ca.caPem();
    }
}
