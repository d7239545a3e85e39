package dev.sessionpublish.git;

import dev.sessionpublish.embedded.Access.Permission;
import dev.sessionpublish.embedded.GitServer;
import dev.sessionpublish.embedded.TestCa;
import dev.sessionpublish.http.ForgeHttp;
import dev.sessionpublish.http.Token;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of a client of a git server: one server and one HTTP client for all of a class, a new repository for each. */
public abstract class GitServerScenario {
    protected static final Token TOKEN = new Token("ghp_canary0123456789");
    protected static final Duration LONG = Duration.ofSeconds(60);
    protected static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir
    protected static Path directory;

    protected static TestCa ca;
    protected static GitServer server;
    protected static CloseableHttpClient http;
    protected static ScheduledExecutorService watchdog;

    /** The token may write there. */
    protected String repository;

    @BeforeAll
    static void startServer() throws Exception {
        ca = TestCa.create(directory.resolve("ca"));
        server = GitServer.start(ca, directory.resolve("remote"));
        http = ForgeHttp.create(Optional.of(ca.caPem()), LONG);
        watchdog = Executors.newSingleThreadScheduledExecutor();
    }

    @AfterAll
    static void stopServer() throws Exception {
        watchdog.shutdownNow();
        http.close();
        server.close();
    }

    @BeforeEach
    void createRepository() throws Exception {
        repository = "acme/web" + NUMBER.incrementAndGet();
        server.createRepository(repository);
        server.token(TOKEN.value(), Map.of(repository, Permission.WRITE));
    }
}
