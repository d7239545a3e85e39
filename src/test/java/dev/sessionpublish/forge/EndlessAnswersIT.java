package dev.sessionpublish.forge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.embedded.TestCa;
import dev.sessionpublish.forge.gitea.GiteaForge;
import dev.sessionpublish.forge.github.GitHubForge;
import dev.sessionpublish.git.Advertisement;
import dev.sessionpublish.git.MemoryBudget;
import dev.sessionpublish.git.ObjectFormat;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.git.Pack;
import dev.sessionpublish.git.PushAnswer;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.git.ReceivePack;
import dev.sessionpublish.git.RefUpdate;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.git.lfs.LfsObject;
import dev.sessionpublish.git.lfs.LfsTransfer;
import dev.sessionpublish.http.RequestListener;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every call to a forge ends, and ends its connection, whatever the forge sends and however slowly. */
@Timeout(180)
class EndlessAnswersIT {
    private static final Token TOKEN = new Token("canary0123456789");
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);
    /** Longer than every deadline of the client below by far. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static TestCa ca;

    private interface Call {
        /** @return what became of it, if it was not refused */
        Object run() throws Exception;
    }

    @BeforeAll
    static void create(@TempDir Path directory) throws Exception {
        ca = TestCa.create(directory);
    }

    @ParameterizedTest
    @EnumSource
    void everyCallEndsWithAReasonAndEndsItsConnection(EndlessForge.Way way) throws Exception {
        try (EndlessForge server = new EndlessForge(ca, way);
                Forges forges = forges()) {
            Map<String, Object> outcomes = new ConcurrentHashMap<>();
            List<Thread> threads = new ArrayList<>();
            Map<String, Call> calls = calls(forges, server.authority());
            calls.forEach((name, call) -> threads.add(start(name, call, outcomes)));

            Awaitility.await().atMost(PATIENCE).until(() -> threads.stream().noneMatch(Thread::isAlive));
            assertThat(outcomes).containsOnlyKeys(calls.keySet());
            assertThat(outcomes).allSatisfy((name, outcome) -> assertClear(outcome));
            assertThat(server.served()).isGreaterThanOrEqualTo(calls.size());
            Awaitility.await().atMost(PATIENCE).until(() -> server.open() == 0);
        }
    }

    private static void assertClear(Object outcome) {
        Object failure = outcome instanceof PushAnswer.Unsettled unsettled ? unsettled.otherwise() : outcome;
        if (failure instanceof Throwable thrown) {
            assertThat(thrown).isInstanceOf(RefusedException.class);
            assertThat(((RefusedException) thrown).reason())
                    .as(thrown.getMessage())
                    .isIn(SharedReason.NETWORK, SharedReason.SERVER_ERROR, SharedReason.FORBIDDEN, PushReason.LFS);
            assertThat(thrown.getMessage()).doesNotContain("was lost");
        }
    }

    private static Thread start(String name, Call call, Map<String, Object> outcomes) {
        Thread thread = new Thread(
                () -> {
                    try {
                        outcomes.put(name, call.run());
                    } catch (Exception e) {
                        outcomes.put(name, e);
                    }
                },
                name);
        thread.start();
        return thread;
    }

    private static Forges forges() {
        return new Forges(
                ForgeHosts.DEFAULT,
                Map.of(
                        ForgeKind.GITHUB, GitHubForge.connector(Clock.systemUTC()),
                        ForgeKind.GITEA, GiteaForge.connector()),
                new Forges.Connection(
                        Duration.ofMillis(500), Duration.ofMillis(500), Optional.empty(), RequestListener.NONE),
                Clock.systemUTC());
    }

    private static Map<String, Call> calls(Forges forges, String authority) throws Exception {
        URI api = URI.create("https://" + authority + "/api");
        ForgeHost gitHub = new ForgeHost(authority, ForgeKind.GITHUB, api, Optional.of(ca.caPem()), Set.of(authority));
        ForgeHost gitea = new ForgeHost(authority, ForgeKind.GITEA, api, Optional.of(ca.caPem()), Set.of(authority));
        RepositoryUrl url = RepositoryUrl.parse("https://" + authority + "/acme/web");
        Map<String, Call> calls = new LinkedHashMap<>();
        ReceivePack receivePack = forges.receivePack(gitHub);
        calls.put("git info/refs", () -> receivePack.advertise(url, TOKEN, memory()));
        calls.put("git upload-pack", () -> forges.uploadPack(gitHub).defaultBranch(url, TOKEN));
        calls.put("git push", () -> push(receivePack, url, new ByteArrayInputStream(emptyPack())));
        calls.put("git push of a pack without end", () -> push(receivePack, url, endlessPack()));
        for (ForgeHost host : List.of(gitHub, gitea)) {
            Forge forge = forges.open(host, url, TOKEN);
            String kind = host.kind().written();
            calls.put(kind + " repository", forge::repository);
            calls.put(
                    kind + " pull requests", () -> forges.open(host, url, TOKEN).pullRequestsOf("topic"));
            calls.put(
                    kind + " pull request", () -> forges.open(host, url, TOKEN).pullRequest(7));
            calls.put(kind + " opening", () -> forges.open(host, url, TOKEN)
                    .open(new Forge.NewPullRequest(
                            "topic", "main", "Title", "Body", false, List.of(), List.of(), List.of())));
            calls.put(kind + " closing", () -> {
                forges.open(host, url, TOKEN).close(7);
                return "closed";
            });
        }
        lfs(calls, forges, gitHub, url);
        return calls;
    }

    private static void lfs(Map<String, Call> calls, Forges forges, ForgeHost host, RepositoryUrl url)
            throws Exception {
        LfsObject object = new LfsObject(
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(CONTENT)), CONTENT.length);
        LfsTransfer.Action endless =
                new LfsTransfer.Action(URI.create("https://" + host.authority() + "/endless"), Map.of(), null);
        LfsTransfer.Action honest =
                new LfsTransfer.Action(URI.create("https://" + host.authority() + "/honest"), Map.of(), null);
        calls.put("LFS batch", () -> forges.lfs(host, url.git(), TOKEN).lacking(List.of(object), "refs/heads/topic"));
        calls.put("LFS upload", () -> forges.lfs(host, url.git(), TOKEN)
                .upload(new LfsTransfer(object, endless, null), "refs/heads/topic", new ByteArrayInputStream(CONTENT)));
        calls.put("LFS verify", () -> forges.lfs(host, url.git(), TOKEN)
                .upload(
                        new LfsTransfer(object, honest, endless),
                        "refs/heads/topic",
                        new ByteArrayInputStream(CONTENT)));
    }

    private static MemoryBudget.Share memory() {
        return new MemoryBudget(1 << 20, 0).open("team");
    }

    private static PushAnswer push(ReceivePack receivePack, RepositoryUrl url, InputStream pack) throws Exception {
        Advertisement advertised = Advertisement.read(
                new ByteArrayInputStream(EndlessForge.Refs.TEXT.getBytes(StandardCharsets.US_ASCII)), memory());
        ObjectId id = new ObjectId("2".repeat(40));
        return receivePack.push(
                new ReceivePack.Remote(url.git(), advertised),
                TOKEN,
                new RefUpdate("topic", id.zero(), id),
                new Pack(pack, ObjectFormat.SHA1, Long.MAX_VALUE),
                bytes -> {});
    }

    private static byte[] emptyPack() throws Exception {
        ByteArrayOutputStream pack = new ByteArrayOutputStream();
        pack.writeBytes(new byte[] {'P', 'A', 'C', 'K', 0, 0, 0, 2, 0, 0, 0, 0});
        pack.writeBytes(MessageDigest.getInstance("SHA-1").digest(pack.toByteArray()));
        return pack.toByteArray();
    }

    private static InputStream endlessPack() {
        return new SequenceInputStream(
                new ByteArrayInputStream("PACK".getBytes(StandardCharsets.US_ASCII)), new InputStream() {
                    @Override
                    public int read() {
                        return 7;
                    }
                });
    }
}
