package dev.sessionpublish.embedded;

import static dev.sessionpublish.embedded.Access.Permission.READ;
import static dev.sessionpublish.embedded.Access.Permission.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sessionpublish.http.ForgeHttp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitServerIT {
    private static final String RECEIVE = "/info/refs?service=git-receive-pack";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static TestCa ca;

    @TempDir
    Path scratch;

    @AutoClose
    private GitServer server;

    @AutoClose
    private CloseableHttpClient client;

    record Answer(int status, String text, Map<String, String> headers) {}

    @BeforeAll
    static void authority(@TempDir Path keys) throws Exception {
        ca = TestCa.create(keys);
    }

    @BeforeEach
    void start() throws Exception {
        server = GitServer.start(ca, scratch.resolve("remote"));
        server.createRepository("acme/web");
        server.token("good", Map.of("acme/web", WRITE, "acme/new", WRITE));
        client = ForgeHttp.create(Optional.of(ca.caPem()), PATIENCE);
    }

    @Test
    void theSameRepositoryIsMadeEveryTime() throws Exception {
        server.createRepository("acme/other");
        server.createRepository("else/web");
        assertThat(server.tip("else/web", "main")).isEqualTo(server.tip("acme/web", "main"));
        assertThat(server.tip("acme/other", "main")).isPresent().isNotEqualTo(server.tip("acme/web", "main"));
        assertThat(server.root().resolve("acme/web.git/HEAD")).hasContent("ref: refs/heads/main");
    }

    @Test
    void anEmptyRepositoryAdvertisesNoRef() throws Exception {
        server.createRepository("acme/new", GitServer.Option.EMPTY);
        assertThat(get("acme/new", "good").text()).contains("0".repeat(40) + " capabilities^{}\0");
    }

    @Test
    void anyoneReadsAPublicRepositoryButNobodyPushesWithoutACredential() throws Exception {
        server.createRepository("acme/open", GitServer.Option.PUBLIC);
        assertThat(send(new HttpGet(server.url("acme/open") + "/info/refs?service=git-upload-pack"), "")
                        .status())
                .isEqualTo(200);
        assertThat(get("acme/open", "").status()).isEqualTo(401);
        assertThat(get("acme/open", "good").text()).isEqualTo("Permission to acme/open.git denied to agent-bot.");
    }

    @Test
    void refusalsAreWordedAsGitHubWordsThem() throws Exception {
        server.access().token("reads", "alice", Map.of("acme/web", READ));
        assertThat(get("acme/web", "reads").status()).isEqualTo(403);
        assertThat(get("acme/web", "reads").text()).isEqualTo("Permission to acme/web.git denied to alice.");
        server.access().archive("acme/web");
        assertThat(get("acme/web", "good").text()).isEqualTo("This repository was archived so it is read-only.");
        server.access().requireSingleSignOn("acme");
        assertThat(get("acme/web", "good").text())
                .startsWith("The 'acme' organization has enabled or enforced SAML SSO.");
        server.access().authorizeSingleSignOn("good", "acme");
        server.access().unarchive("acme/web");
        assertThat(get("acme/web", "good").status()).isEqualTo(200);
        server.revoke("good");
        assertThat(get("acme/web", "good").status()).isEqualTo(401);
    }

    @Test
    void theLogKnowsEachRequestAndItsCredential() throws Exception {
        get("acme/web", "good");
        get("acme/web", "");
        assertThat(server.requests("GET", "/info/refs"))
                .extracting(LoggedRequest::status)
                .containsExactly(200, 401);
        LoggedRequest first = server.requests().get(0);
        assertThat(first.query()).isEqualTo("service=git-receive-pack");
        assertThat(first.header("Authorization")).contains(basic("good"));
        assertThat(first.bytesOut()).isGreaterThan(100);
    }

    @Test
    void aRenameIsAPermanentRedirectToTheSamePlaceOfTheOther() throws Exception {
        server.createRepository("acme/new");
        server.rename("acme/web", "acme/new");
        Answer answer = get("acme/web", "good");
        assertThat(answer.status()).isEqualTo(301);
        assertThat(answer.headers()).containsEntry("Location", server.url("acme/new") + RECEIVE);
        server.redirect("acme/web", 307, "https://elsewhere.invalid/acme/web");
        assertThat(get("acme/web", "good").headers())
                .containsEntry("Location", "https://elsewhere.invalid/acme/web" + RECEIVE);
        assertThat(push().exit()).isNotZero();
    }

    @Test
    void gitFollowsARename() throws Exception {
        server.createRepository("acme/new");
        server.rename("acme/web", "acme/new");
        assertThat(push().exit()).isZero();
        assertThat(server.tip("acme/new", "agent/fix")).isPresent();
        assertThat(server.tip("acme/web", "agent/fix")).isEmpty();
    }

    @Test
    void capabilitiesCanBeTakenAwayAndAdded() throws Exception {
        server.withoutCapabilities("acme/web", "side-band-64k", "ofs-delta", "report-status-v2", "object-format");
        String fewer = get("acme/web", "good").text();
        assertThat(fewer)
                .doesNotContain("side-band-64k", "ofs-delta", "report-status-v2", "object-format")
                .contains(" delete-refs")
                .endsWith("0000");
        server.advertise("acme/web", list -> list + " no-thin");
        assertThat(get("acme/web", "good").text()).contains(" no-thin\n");
        assertThat(push().exit()).isZero();
    }

    @Test
    void settingsOfARepositoryAreObeyed() throws Exception {
        server.config("acme/web", "receive.denyNonFastForwards", "true");
        SandboxCheckout checkout = checkout();
        assertThat(push(checkout).exit()).isZero();
        checkout.amend("Rewritten");
        assertThat(push(checkout, "--force").err()).contains("[remote rejected]", "non-fast-forward");
    }

    @Test
    void aRefusalMayHaveItsOwnReasonAndItsOwnText() throws Exception {
        server.refuse(
                "acme/web",
                "refs/heads/agent",
                "protected branch hook declined",
                "error: GH006: Protected branch update failed for refs/heads/agent/fix.");
        SandboxCheckout checkout = checkout();
        assertThat(push(checkout).err())
                .contains("remote: error: GH006: Protected branch update failed for refs/heads/agent/fix.")
                .contains("[remote rejected] HEAD -> agent/fix (protected branch hook declined)");
        assertThat(server.tip("acme/web", "agent/fix")).isEmpty();
        assertThat(push(checkout, "HEAD:refs/heads/free").err()).contains("[new branch]");
    }

    @Test
    void aFaultHitsAsOftenAsItSaysAndThenNoMore() throws Exception {
        server.fault(Fault.on("GET", "/info/refs").times(2).answering(503, Map.of("Retry-After", "7"), "busy"));
        for (int n = 0; n < 2; n++) {
            Answer answer = get("acme/web", "good");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.headers()).containsEntry("Retry-After", "7");
            assertThat(answer.text()).isEqualTo("busy");
        }
        assertThat(get("acme/web", "good").status()).isEqualTo(200);
    }

    @Test
    void aFaultLeavesOtherRequestsAlone() throws Exception {
        server.fault(Fault.on("GET", "/info/refs")
                .query("service=git-upload-pack")
                .always()
                .resetting());
        assertThat(get("acme/web", "good").status()).isEqualTo(200);
        assertThatThrownBy(
                        () -> send(new HttpGet(server.url("acme/web") + "/info/refs?service=git-upload-pack"), "good"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aStalledAnswerComesWhenItIsReleased() throws Exception {
        Fault fault = server.fault(Fault.on("GET", "/info/refs").stalling());
        CompletableFuture<Integer> status =
                CompletableFuture.supplyAsync(() -> unchecked("acme/web").status());
        assertThat(fault.awaitReached(PATIENCE)).isTrue();
        assertThat(status).isNotDone();
        fault.release();
        assertThat(status).succeedsWithin(PATIENCE).isEqualTo(200);
    }

    @Test
    void aPushWhoseAnswerIsHeldHasAlreadyHappened() throws Exception {
        Fault fault = server.fault(Fault.on("POST", "/git-receive-pack").holdingTheAnswer());
        SandboxCheckout checkout = checkout();
        CompletableFuture<Integer> exit =
                CompletableFuture.supplyAsync(() -> push(checkout).exit());
        assertThat(fault.awaitReached(PATIENCE)).isTrue();
        assertThat(server.tip("acme/web", "agent/fix")).contains(checkout.head());
        assertThat(exit).isNotDone();
        fault.release();
        assertThat(exit).succeedsWithin(PATIENCE).isEqualTo(0);
    }

    @Test
    void aPushWhoseConnectionBreaksAfterTheWorkHasHappenedThoughNobodyWasTold() throws Exception {
        // Always, since git's own client sends a request once more when a connection it used before breaks at once.
        server.fault(Fault.on("POST", "/git-receive-pack").always().resettingAfterProcessing());
        SandboxCheckout checkout = checkout();
        assertThat(push(checkout).exit()).isNotZero();
        assertThat(server.tip("acme/web", "agent/fix")).contains(checkout.head());
        assertThat(server.requests("POST", "/git-receive-pack"))
                .extracting(LoggedRequest::status)
                .containsOnly(0);
    }

    @Test
    void aPushGoesOnWhenItsClientDiesAfterSendingIt() throws Exception {
        Path reached = scratch.resolve("reached");
        Path go = scratch.resolve("go");
        server.hook(
                "acme/web",
                "pre-receive",
                "touch " + reached + "; until [ -e " + go + " ]; do sleep 0.05; echo waiting; done");
        SandboxCheckout checkout = checkout();
        RealGit git = asPusher(checkout);
        ProcessBuilder builder = new ProcessBuilder(
                        "git", "push", "-q", server.url("acme/web"), "HEAD:refs/heads/agent/fix")
                .directory(checkout.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(git.environment());
        Process push = builder.start();
        await().atMost(PATIENCE).until(() -> Files.exists(reached));
        push.descendants().forEach(ProcessHandle::destroyForcibly);
        push.destroyForcibly().waitFor();
        Files.createFile(go);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(server.tip("acme/web", "agent/fix"))
                .contains(checkout.head()));
    }

    @Test
    void aPushWhoseConnectionBreaksWithinThePackHasNotHappened() throws Exception {
        server.fault(Fault.on("POST", "/git-receive-pack").always().resettingAfterRequestBytes(200));
        assertThat(push().exit()).isNotZero();
        assertThat(server.tip("acme/web", "agent/fix")).isEmpty();
        assertThat(server.requests("POST", "/git-receive-pack").get(0).bytesIn())
                .isEqualTo(200);
    }

    @Test
    void anAdvertisementCanBeGarbageTruncatedOrCut() throws Exception {
        server.fault(Fault.on("GET", "/info/refs")
                .garbage("application/x-git-receive-pack-advertisement", new byte[] {1, 2}));
        assertThat(get("acme/web", "good").text()).hasSize(2);
        server.fault(Fault.on("GET", "/info/refs").truncatingTheAnswer(60));
        assertThat(get("acme/web", "good").text()).hasSize(60).startsWith("001f#");
        server.fault(Fault.on("GET", "/info/refs").cuttingTheAnswer(60));
        assertThatThrownBy(() -> get("acme/web", "good")).isInstanceOf(IOException.class);
        assertThat(get("acme/web", "good").text()).endsWith("0000");
    }

    @Test
    void aRefusalReachesAClientThatIsStillSending() throws Exception {
        HttpPost post = new HttpPost(server.url("acme/web") + "/git-receive-pack");
        post.setEntity(new InputStreamEntity(new Zeros(64L << 20), ContentType.APPLICATION_OCTET_STREAM));
        assertThat(send(post, "unknown").status()).isEqualTo(401);
    }

    @Test
    void aServerThatDoesNotReadHoldsTheSenderBack() throws Exception {
        Fault fault = server.fault(Fault.on("POST", "/git-receive-pack").stallingAfterRequestBytes(1000));
        Zeros body = new Zeros(64L << 20);
        HttpPost post = new HttpPost(server.url("acme/web") + "/git-receive-pack");
        post.setEntity(new InputStreamEntity(body, ContentType.create("application/x-git-receive-pack-request")));
        CompletableFuture<Integer> status = CompletableFuture.supplyAsync(() -> {
            try {
                return send(post, "good").status();
            } catch (IOException e) {
                return 0;
            }
        });
        assertThat(fault.awaitReached(PATIENCE)).isTrue();
        assertThat(body.left.get()).isGreaterThan(32L << 20);
        assertThat(status).isNotDone();
        fault.release();
        assertThat(status).succeedsWithin(PATIENCE);
    }

    @Test
    void aBodyCompressedByGzipIsTaken() throws Exception {
        String tip = server.tip("acme/web", "main").orElseThrow();
        String want = "0032want " + tip + "\n00000009done\n";
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(zipped)) {
            gzip.write(want.getBytes(StandardCharsets.US_ASCII));
        }
        HttpPost post = new HttpPost(server.url("acme/web") + "/git-upload-pack");
        post.setHeader("Content-Encoding", "gzip");
        ContentType type = ContentType.create("application/x-git-upload-pack-request");
        post.setEntity(new ByteArrayEntity(zipped.toByteArray(), type));
        assertThat(send(post, "good").text()).startsWith("0008NAK\nPACK");
        post.setEntity(new InputStreamEntity(new ByteArrayInputStream(zipped.toByteArray()), type));
        assertThat(send(post, "good").text()).startsWith("0008NAK\nPACK");
    }

    private SandboxCheckout checkout() {
        return SandboxCheckout.cloneOf(server.repository("acme/web"), scratch.resolve("checkout"))
                .branch("agent/fix")
                .commit("Fix", "fix.txt", "fixed\n".repeat(1000));
    }

    private RealGit.Result push() {
        return push(checkout());
    }

    private RealGit.Result push(SandboxCheckout checkout, String... more) {
        boolean forced = more.length > 0 && more[0].equals("--force");
        String refspec = more.length > 0 && !forced ? more[0] : "HEAD:refs/heads/agent/fix";
        return asPusher(checkout).attempt("push", server.url("acme/web"), (forced ? "+" : "") + refspec);
    }

    private static RealGit asPusher(SandboxCheckout checkout) {
        return RealGit.in(checkout.directory())
                .with("GIT_CONFIG_COUNT", "2")
                .with("GIT_CONFIG_KEY_0", "http.sslCAInfo")
                .with("GIT_CONFIG_VALUE_0", ca.caPem().toString())
                .with("GIT_CONFIG_KEY_1", "http.extraHeader")
                .with("GIT_CONFIG_VALUE_1", "Authorization: " + basic("good"));
    }

    private static String basic(String token) {
        return "Basic " + Base64.getEncoder().encodeToString(("x:" + token).getBytes(StandardCharsets.UTF_8));
    }

    private Answer get(String repository, String token) throws IOException {
        return send(new HttpGet(server.url(repository) + RECEIVE), token);
    }

    private Answer unchecked(String repository) {
        try {
            return get(repository, "good");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer send(HttpUriRequestBase request, String token) throws IOException {
        if (!token.isEmpty()) {
            request.setHeader("Authorization", basic(token));
        }
        return client.<Answer>execute(request, response -> {
            Map<String, String> headers = new HashMap<>();
            for (var header : response.getHeaders()) {
                headers.put(header.getName(), header.getValue());
            }
            byte[] body = EntityUtils.toByteArray(response.getEntity());
            return new Answer(response.getCode(), new String(body, StandardCharsets.ISO_8859_1), headers);
        });
    }

    private static final class Zeros extends InputStream {
        private final AtomicLong left;

        Zeros(long length) {
            left = new AtomicLong(length);
        }

        @Override
        public int read() {
            return left.getAndDecrement() > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            int n = (int) Math.min(length, left.get());
            left.addAndGet(-n);
            return n == 0 ? -1 : n;
        }
    }
}
