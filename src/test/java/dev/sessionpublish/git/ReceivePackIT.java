package dev.sessionpublish.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sessionpublish.embedded.Access.Permission;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.GitServer;
import dev.sessionpublish.embedded.LoggedRequest;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.embedded.TestCa;
import dev.sessionpublish.http.ForgeHttp;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.publish.ReasonByName;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The push over HTTP against git's own receive-pack, and against one that answers as forges do on bad days. */
class ReceivePackIT extends GitServerScenario {

    private SandboxCheckout checkout;

    @BeforeEach
    void checkOut() {
        checkout = SandboxCheckout.cloneOf(server.repository(repository), directory.resolve(repository))
                .branch("agent/fix")
                .commit("Work", "a.txt", "a\n".repeat(100));
    }

    private static ReceivePack receivePack() {
        return new ReceivePack(http, watchdog, LONG, LONG);
    }

    private ReceivePack.Remote advertised() throws Exception {
        return receivePack().advertise(RepositoryUrl.parse(server.url(repository)), TOKEN, GitBytes.memory());
    }

    private RefUpdate update() {
        ObjectId head = new ObjectId(checkout.head());
        return new RefUpdate("agent/fix", head.zero(), head);
    }

    private Process packing(String... options) throws IOException {
        return PackObjects.start(checkout, checkout.head() + "\n^" + checkout.git("rev-parse", "main") + "\n", options);
    }

    private PushAnswer push() throws Exception {
        return push(receivePack(), advertised());
    }

    private PushAnswer push(ReceivePack receivePack, ReceivePack.Remote remote) throws Exception {
        Process git = packing("--delta-base-offset");
        try {
            Pack pack = new Pack(git.getInputStream(), ObjectFormat.SHA1, 1 << 30);
            return receivePack.push(remote, TOKEN, update(), pack, bytes -> {});
        } finally {
            git.destroyForcibly();
        }
    }

    private Optional<String> tip() {
        return server.tip(repository, "agent/fix");
    }

    private List<LoggedRequest> posts() {
        return server.requests("POST", repository + ".git/git-receive-pack");
    }

    private void noise(int bytes) throws IOException {
        byte[] noise = new byte[bytes];
        new Random(5).nextBytes(noise);
        Files.write(checkout.directory().resolve("noise.bin"), noise);
        checkout.git("add", "noise.bin");
        checkout.commit("Noise", Map.of());
    }

    @ParameterizedTest
    @CsvSource({
        "ofs-delta",
        "side-band-64k",
        "object-format",
        "quiet",
        "side-band-64k ofs-delta object-format quiet agent"
    })
    void aRemoteThatCanDoLessIsPushedToAllTheSame(String without) throws Exception {
        server.withoutCapabilities(repository, without.split(" "));
        assertThat(push()).isInstanceOf(PushAnswer.Accepted.class);
        assertThat(tip()).contains(checkout.head());
    }

    @Test
    void aRefusalIsReadWithoutSideBandToo() throws Exception {
        server.withoutCapabilities(repository, "side-band-64k");
        server.hook(repository, "update", "exit 1");
        assertThatThrownBy(this::push).isInstanceOfSatisfying(RefusedException.class, e -> {
            assertThat(e.reason()).isEqualTo(PushReason.REMOTE_REJECTED);
            assertThat(e).hasMessageContaining("hook declined");
        });
    }

    @Test
    void withoutAReportTheAnswerIsOpenAndComesWhenTheRemoteIsDone() throws Exception {
        server.withoutCapabilities(repository, "report-status", "report-status-v2");
        server.hook(repository, "pre-receive", "sleep 1");
        assertThat(push()).isInstanceOf(PushAnswer.Unsettled.class);
        assertThat(tip()).contains(checkout.head());
    }

    @Test
    void aSmallPackIsOneRequestWithItsLength() throws Exception {
        assertThat(push()).isInstanceOf(PushAnswer.Accepted.class);
        assertThat(posts()).hasSize(1);
        assertThat(posts().get(0).header("Content-Length")).isPresent();
        assertThat(posts().get(0).header("Transfer-Encoding")).isEmpty();
        assertThat(posts().get(0).header("Authorization")).contains(TOKEN.basic());
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void aRedirectOnTheSameHostIsFollowedAndThePushGoesWhereItEnded(int status) throws Exception {
        String present = repository + "-now";
        Files.move(server.repository(repository), server.repository(present));
        server.token(TOKEN.value(), Map.of(present, Permission.WRITE));
        server.redirect(repository, status, server.url(present));
        assertThat(push()).isInstanceOf(PushAnswer.Accepted.class);
        assertThat(server.tip(present, "agent/fix")).contains(checkout.head());
        assertThat(posts()).isEmpty();
    }

    @Test
    void aCircleOfRedirectsEnds() {
        server.redirect(repository, 302, server.url(repository));
        assertThat(refusalOfAdvertise().reason()).isEqualTo(SharedReason.NOT_FOUND);
        assertThat(server.requests("GET", repository + ".git/info/refs").size()
                        + server.requests("GET", repository + "/info/refs").size())
                .isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void anotherHostNeverHearsOfIt(int status) throws Exception {
        try (GitServer other = GitServer.start(ca, directory.resolve("other" + status))) {
            server.redirect(repository, status, other.url("acme/web"));
            RefusedException refused = refusalOfAdvertise();
            assertThat(refused.reason()).isEqualTo(SharedReason.NOT_FOUND);
            assertThat(refused).hasMessageContaining(other.url("acme/web"));
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void aRedirectToPlainHttpOrToAPageIsNotFollowed() {
        for (String target : new String[] {
            server.url("acme/x").replace("https:", "http:"), "https://user@localhost:" + server.port() + "/a/b"
        }) {
            server.redirect(repository, 301, target);
            assertThat(refusalOfAdvertise().reason()).isEqualTo(SharedReason.NOT_FOUND);
        }
        server.fault(Fault.on("GET", repository + ".git/info/refs")
                .answering(302, Map.of("Location", "/login?token=" + TOKEN.value()), ""));
        server.redirect(repository, 301, server.url(repository));
        assertThat(refusalOfAdvertise()).hasMessageContaining("/login").hasMessageNotContaining(TOKEN.value());
    }

    @Test
    void aServerThatEndsConnectionsUnannouncedIsPushedToWithoutAFailedRequest() throws Exception {
        try (GitServer ending = GitServer.start(ca, directory.resolve("ending"))) {
            ending.createRepository("acme/web");
            ending.token(TOKEN.value(), Map.of("acme/web", Permission.WRITE));
            ending.endConnections();
            checkout.git("push", "--quiet", ending.repository("acme/web").toString(), "main:refs/heads/base");
            for (int n = 0; n < 5; n++) {
                ReceivePack.Remote remote =
                        receivePack().advertise(RepositoryUrl.parse(ending.url("acme/web")), TOKEN, GitBytes.memory());
                ObjectId head = new ObjectId(checkout.head());
                Process git = packing("--delta-base-offset");
                Pack pack = new Pack(git.getInputStream(), ObjectFormat.SHA1, 1 << 30);

                assertThat(receivePack()
                                .push(remote, TOKEN, new RefUpdate("agent/" + n, head.zero(), head), pack, bytes -> {}))
                        .isInstanceOf(PushAnswer.Accepted.class);
            }
            assertThat(ending.requests("POST", "/git-receive-pack")).hasSize(5);
        }
    }

    private RefusedException refusalOfAdvertise() {
        return catchThrowableOfType(RefusedException.class, this::advertised);
    }

    @ParameterizedTest
    @CsvSource({"401, AUTH", "403, RATE_LIMITED", "404, NOT_FOUND", "413, PACK_TOO_LARGE", "429, RATE_LIMITED"})
    void anAnswerInTheMiddleOfALargePackIsRead(int status, @ReasonByName Reason reason) throws Exception {
        noise(20 << 20);
        server.fault(Fault.on("POST", repository + ".git/git-receive-pack")
                .answering(status, Map.of("Retry-After", "9", "Connection", "close"), "no"));
        ReceivePack.Remote remote = advertised();
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> push(receivePack(), remote));
        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(posts().get(0).bytesIn()).isLessThan(20 << 20);
        assertThat(tip()).isEmpty();
    }

    @Test
    void aForgeThatTakesNoMoreBytesIsGivenUp() throws Exception {
        noise(20 << 20);
        Fault stuck = server.fault(
                Fault.on("POST", repository + ".git/git-receive-pack").stallingAfterRequestBytes(1 << 20));
        ReceivePack.Remote remote = advertised();
        PushAnswer answer = push(new ReceivePack(http, watchdog, Duration.ofSeconds(1), LONG), remote);
        assertThat(answer).isInstanceOf(PushAnswer.Unsettled.class);
        assertThat(((PushAnswer.Unsettled) answer).otherwise().reason()).isEqualTo(SharedReason.NETWORK);
        assertThat(posts().get(0).bytesIn()).isLessThan(20 << 20);
        stuck.release();
    }

    @Test
    void aForgeThatHasItAllAndSaysNothingIsGivenUp() throws Exception {
        Fault silent = server.fault(
                Fault.on("POST", repository + ".git/git-receive-pack").holdingTheAnswer());
        ReceivePack.Remote remote = advertised();
        PushAnswer answer = push(new ReceivePack(http, watchdog, LONG, Duration.ofSeconds(1)), remote);
        assertThat(((PushAnswer.Unsettled) answer).otherwise())
                .hasMessageContaining("sent no response within the time limit")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(SharedReason.NETWORK));
        silent.release();
    }

    @Test
    void aForgeThatThinksForLongAboutAPackThatItHasIsWaitedFor() throws Exception {
        server.hook(repository, "pre-receive", "sleep 4");
        ReceivePack.Remote remote = advertised();

        assertThat(push(new ReceivePack(http, watchdog, Duration.ofSeconds(1), LONG), remote))
                .isInstanceOf(PushAnswer.Accepted.class);
        assertThat(tip()).contains(checkout.head());
    }

    @Test
    void whatAForgeSaysMeanwhileGivesItMoreTime() throws Exception {
        server.hook(repository, "pre-receive", "for n in 1 2 3 4 5 6 7 8; do echo thinking; sleep 1; done");
        ReceivePack.Remote remote = advertised();

        assertThat(push(new ReceivePack(http, watchdog, LONG, Duration.ofSeconds(6)), remote))
                .isInstanceOf(PushAnswer.Accepted.class);
        assertThat(tip()).contains(checkout.head());
    }

    @Test
    void aForgeThatSaysSomethingForEverIsGivenUp() throws Exception {
        Path ended = directory.resolve("ended-" + NUMBER.get());
        server.hook(
                repository, "pre-receive", "while [ ! -e '" + ended + "' ]; do echo thinking; sleep 0.1; done; exit 1");
        ReceivePack.Remote remote = advertised();

        PushAnswer answer = push(new ReceivePack(http, watchdog, Duration.ofSeconds(1), Duration.ofSeconds(1)), remote);

        Files.createFile(ended);
        assertThat(((PushAnswer.Unsettled) answer).otherwise().reason()).isEqualTo(SharedReason.NETWORK);
        assertThat(tip()).isEmpty();
    }

    @Test
    void aConnectionThatBreaksLeavesTheOutcomeOpen() throws Exception {
        List<Fault> breaks = List.of(
                Fault.on("POST", repository + ".git/git-receive-pack").resetting(),
                Fault.on("POST", repository + ".git/git-receive-pack").resettingAfterRequestBytes(150),
                Fault.on("POST", repository + ".git/git-receive-pack").cuttingTheAnswer(20),
                Fault.on("POST", repository + ".git/git-receive-pack").truncatingTheAnswer(20));
        for (Fault each : breaks) {
            ReceivePack.Remote remote = advertised();
            server.fault(each);
            PushAnswer answer = push(receivePack(), remote);
            assertThat(answer).isInstanceOf(PushAnswer.Unsettled.class);
            assertThat(((PushAnswer.Unsettled) answer).otherwise().reason()).isEqualTo(SharedReason.NETWORK);
        }
        assertThat(tip()).contains(checkout.head());
    }

    @Test
    void anAnswerThatIsNoReportLeavesTheOutcomeOpen() throws Exception {
        for (String type : new String[] {"text/html", "application/x-git-receive-pack-result"}) {
            ReceivePack.Remote remote = advertised();
            server.fault(Fault.on("POST", repository + ".git/git-receive-pack")
                    .garbage(type, "<html>maintenance</html>".getBytes(StandardCharsets.UTF_8)));
            PushAnswer answer = push(receivePack(), remote);
            assertThat(((PushAnswer.Unsettled) answer).otherwise().reason()).isEqualTo(SharedReason.SERVER_ERROR);
        }
    }

    @Test
    void aCertificateThatNobodyTrustsIsSaidToBeOne() throws Exception {
        TestCa stranger = TestCa.create(directory.resolve("stranger"));
        try (CloseableHttpClient wary = ForgeHttp.create(Optional.of(stranger.caPem()), LONG)) {
            assertThatThrownBy(() -> new ReceivePack(wary, watchdog, LONG, LONG)
                            .advertise(RepositoryUrl.parse(server.url(repository)), TOKEN, GitBytes.memory()))
                    .isInstanceOfSatisfying(
                            RefusedException.class, e -> assertThat(e.reason()).isEqualTo(SharedReason.NETWORK))
                    .hasMessageContaining("is not issued by a trusted CA");
        }
    }

    @Test
    void aPackOfFiftyMegabytesPassesWithFewOfThemHeld() throws Exception {
        noise(50 << 20);
        Fault stuck = server.fault(
                Fault.on("POST", repository + ".git/git-receive-pack").stallingAfterRequestBytes(5 << 20));
        ReceivePack.Remote remote = advertised();
        AtomicLong ahead = new AtomicLong();
        Process git = packing();
        InputStream counted = new FilterInputStream(git.getInputStream()) {
            private long read;

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int n = super.read(into, offset, length);
                read += Math.max(0, n);
                long taken = posts().isEmpty() ? 0 : posts().get(0).bytesIn();
                ahead.accumulateAndGet(read - taken, Math::max);
                return n;
            }
        };
        Thread releasing = new Thread(() -> {
            try {
                stuck.awaitReached(LONG);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            stuck.release();
        });
        releasing.start();
        Pack pack = new Pack(counted, ObjectFormat.SHA1, 1 << 30);
        assertThat(receivePack().push(remote, TOKEN, update(), pack, bytes -> {}))
                .isInstanceOf(PushAnswer.Accepted.class);
        releasing.join();
        assertThat(pack.bytes()).isGreaterThan(50L << 20);
        assertThat(posts().get(0).bytesIn()).isGreaterThan(50L << 20);
        assertThat(posts().get(0).header("Transfer-Encoding")).contains("chunked");
        assertThat(ahead.get()).isLessThan(20L << 20);
        assertThat(tip()).contains(checkout.head());
    }

    @Test
    void aPackThatIsCutWhileItIsSentIsThePacksFailureAndMovesNothing() throws Exception {
        noise(5 << 20);
        ReceivePack.Remote remote = advertised();
        Process git = packing();
        byte[] cut = git.getInputStream().readNBytes(3 << 20);
        git.destroyForcibly();
        assertThatThrownBy(() -> receivePack()
                        .push(
                                remote,
                                TOKEN,
                                update(),
                                new Pack(GitBytes.stream(cut), ObjectFormat.SHA1, 1 << 30),
                                bytes -> {}))
                .isInstanceOf(EOFException.class)
                .hasMessage("the pack is truncated");
        assertThat(tip()).isEmpty();
    }

    @Test
    void theDefaultBranchIsReadThroughARenameOnTheSameHost() throws Exception {
        String present = repository + "-now";
        server.createRepository(present);
        server.token(TOKEN.value(), Map.of(present, Permission.READ));
        server.rename(repository, present);
        assertThat(new UploadPack(http).defaultBranch(RepositoryUrl.parse(server.url(repository)), TOKEN))
                .contains("main");
    }
}
