package dev.sessionpublish.git.lfs;

import static dev.sessionpublish.git.lfs.LfsSamples.bytes;
import static dev.sessionpublish.git.lfs.LfsSamples.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.LoggedRequest;
import dev.sessionpublish.git.GitProtocolException;
import dev.sessionpublish.git.GitServerScenario;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.publish.ReasonByName;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The LFS API against a server that keeps to it, and one that answers as forges do on bad days. */
@Timeout(120)
class LfsServerIT extends GitServerScenario {
    private static final String REF = "refs/heads/agent/fix";
    private static final String TYPE = "application/vnd.git-lfs+json";

    private final List<Fault> faults = new ArrayList<>();

    @AfterEach
    void release() {
        faults.forEach(Fault::release);
    }

    private void fault(Fault fault) {
        faults.add(fault);
        server.fault(fault);
    }

    private LfsServer lfs(Duration stall, Token token) throws Exception {
        return new LfsServer(
                http,
                RepositoryUrl.parse(server.url(repository)).git(),
                token,
                Set.of("localhost:" + server.port()),
                watchdog,
                new LfsServer.Timeouts(stall, LONG),
                Clock.systemUTC());
    }

    private LfsServer lfs() throws Exception {
        return lfs(LONG, TOKEN);
    }

    private Path stored(LfsObject object) {
        return server.lfsObject(repository, object.oid());
    }

    private List<LoggedRequest> requests(String end) {
        return server.requests().stream()
                .filter(each ->
                        each.path().startsWith("/" + repository) && each.path().endsWith(end))
                .toList();
    }

    private LfsTransfer lacking(LfsObject object) throws Exception {
        return lfs().lacking(List.of(object), REF).get(0);
    }

    private RefusedException refusedUpload(LfsServer lfs, byte[] content) throws Exception {
        LfsTransfer transfer = lacking(object(content));
        return catchThrowableOfType(
                RefusedException.class, () -> lfs.upload(transfer, REF, new ByteArrayInputStream(content)));
    }

    @Test
    void anObjectArrivesAndIsThereTheNextTime() throws Exception {
        byte[] content = bytes(3_000_000);
        InputStream output =
                new ByteArrayInputStream((new String(content, StandardCharsets.ISO_8859_1) + "what follows")
                        .getBytes(StandardCharsets.ISO_8859_1));

        lfs().upload(lacking(object(content)), REF, output);

        assertThat(stored(object(content))).hasBinaryContent(content);
        assertThat(output.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("what follows");
        assertThat(lfs().lacking(List.of(object(content)), REF)).isEmpty();
        assertThat(requests("/verify")).hasSize(1);
        assertThat(requests("/batch").get(0).header("authorization")).contains(TOKEN.basic());
        assertThat(requests("/store/" + object(content).oid()).get(0).header("authorization"))
                .contains("RemoteAuth upload-word");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_536})
    void anySizeIsASize(int size) throws Exception {
        byte[] content = bytes(size);

        lfs().upload(lacking(object(content)), REF, new ByteArrayInputStream(content));

        assertThat(stored(object(content))).hasBinaryContent(content);
    }

    @Test
    void manyObjectsAreAskedForInBatches() throws Exception {
        List<LfsObject> objects = new ArrayList<>();
        for (int n = 0; n < 250; n++) {
            objects.add(object(bytes(n + 1)));
        }

        assertThat(lfs().lacking(objects, REF)).extracting(LfsTransfer::object).isEqualTo(objects);
        assertThat(requests("/batch")).hasSize(3);
    }

    @Test
    void aBatchThatIsTooLargeIsAskedForInSmallerOnes() throws Exception {
        List<LfsObject> objects = new ArrayList<>();
        for (int n = 0; n < 10; n++) {
            objects.add(object(bytes(n + 1)));
        }
        fault(Fault.on("POST", "/objects/batch").times(2).answering(413, Map.of(), "Too large"));

        assertThat(lfs().lacking(objects, REF)).extracting(LfsTransfer::object).isEqualTo(objects);
        assertThat(requests("/batch")).hasSize(2 + 5);
    }

    @Test
    void aServerThatFindsOneObjectTooManyIsGivenUp() throws Exception {
        fault(Fault.on("POST", repository + ".git/info/lfs/objects/batch")
                .always()
                .answering(413, Map.of(), ""));

        assertThat(catchThrowableOfType(RefusedException.class, () -> lfs().lacking(
                                        List.of(object(bytes(1)), object(bytes(2)), object(bytes(3))), REF))
                        .reason())
                .isEqualTo(PushReason.LFS);
        assertThat(requests("/batch")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "400, REMOTE_REJECTED",
        "401, AUTH",
        "403, FORBIDDEN",
        "404, LFS",
        "406, LFS",
        "410, LFS",
        "422, LFS",
        "429, RATE_LIMITED",
        "500, SERVER_ERROR",
        "501, LFS",
        "503, SERVER_ERROR",
        "507, LFS",
        "509, LFS",
        "301, REMOTE_REJECTED"
    })
    void theBatchsStatusDecides(int status, @ReasonByName Reason reason) throws Exception {
        fault(Fault.on("POST", "/objects/batch")
                .answering(status, Map.of("Location", "https://evil.invalid/"), "it said\n" + TOKEN.value()));

        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> lfs().lacking(List.of(object(bytes(1))), REF));

        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(refused.getMessage()).doesNotContain(TOKEN.value()).doesNotContain("\n");
    }

    @Test
    void aLimitTellsWhenToComeBackOfEachStep() throws Exception {
        byte[] content = bytes(9);
        Map<String, String> wait = Map.of("Retry-After", "17");
        fault(Fault.on("POST", "/objects/batch").answering(429, wait, ""));
        assertThat(catchThrowableOfType(RefusedException.class, () -> lfs().lacking(List.of(object(content)), REF))
                        .retryAfter())
                .contains(Duration.ofSeconds(17));
        fault(Fault.on("PUT", "").answering(429, wait, ""));
        assertThat(refusedUpload(lfs(), content).retryAfter()).contains(Duration.ofSeconds(17));
        fault(Fault.on("POST", "/verify").answering(429, wait, ""));
        assertThat(refusedUpload(lfs(), content).retryAfter()).contains(Duration.ofSeconds(17));
    }

    @ParameterizedTest
    @CsvSource({
        "400, LFS",
        "401, SERVER_ERROR",
        "403, SERVER_ERROR",
        "404, SERVER_ERROR",
        "413, FILE_TOO_LARGE",
        "422, LFS",
        "500, SERVER_ERROR",
        "507, LFS",
        "302, LFS"
    })
    void theUploadsStatusDecides(int status, @ReasonByName Reason reason) throws Exception {
        fault(Fault.on("PUT", "").answering(status, Map.of("Location", "https://evil.invalid/"), "no"));

        assertThat(refusedUpload(lfs(), bytes(2_000_000)).reason()).isEqualTo(reason);
        assertThat(stored(object(bytes(2_000_000)))).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"401, LFS", "404, LFS", "422, LFS", "500, SERVER_ERROR", "503, SERVER_ERROR", "507, LFS"})
    void whatIsNotConfirmedHasNotArrived(int status, @ReasonByName Reason reason) throws Exception {
        fault(Fault.on("POST", "/verify").answering(status, Map.of(), "no"));

        assertThat(refusedUpload(lfs(), bytes(100)).reason()).isEqualTo(reason);
    }

    @Test
    void anUnknownTokenIsAuth() throws Exception {
        assertThat(catchThrowableOfType(RefusedException.class, () -> lfs(LONG, new Token("unknown"))
                                .lacking(List.of(object(bytes(1))), REF))
                        .reason())
                .isEqualTo(SharedReason.AUTH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "[]", "null", "7", "{\"objects\":{}}", "{\"objects\":[7]}", "<html>", "{\"objects\":["
            })
    void whatIsNoAnswerOfTheApiIsAServerError(String text) throws Exception {
        fault(Fault.on("POST", "/objects/batch").garbage(TYPE, text.getBytes(StandardCharsets.UTF_8)));

        assertThat(catchThrowableOfType(RefusedException.class, () -> lfs().lacking(List.of(object(bytes(1))), REF))
                        .reason())
                .isEqualTo(SharedReason.SERVER_ERROR);
    }

    @Test
    void anAnswerWithoutEndIsEnded() throws Exception {
        fault(Fault.on("POST", "/objects/batch").garbage(TYPE, new byte[5 << 20]));

        assertThat(catchThrowableOfType(RefusedException.class, () -> lfs().lacking(List.of(object(bytes(1))), REF))
                        .reason())
                .isEqualTo(SharedReason.SERVER_ERROR);
    }

    @Test
    void leaveThatHasRunOutIsAskedForAgain() throws Exception {
        byte[] content = bytes(500);
        LfsTransfer over = expired(lacking(object(content)));
        int batches = requests("/batch").size();

        lfs().upload(over, REF, new ByteArrayInputStream(content));

        assertThat(stored(object(content))).hasBinaryContent(content);
        assertThat(requests("/batch")).hasSize(batches + 1);
        assertThat(requests("/gone")).isEmpty();
    }

    @Test
    void whatHasArrivedMeanwhileIsReadAndNotSent() throws Exception {
        byte[] content = bytes(500);
        LfsTransfer over = expired(lacking(object(content)));
        Files.createDirectories(stored(object(content)).getParent());
        Files.write(stored(object(content)), content);
        InputStream output = new ByteArrayInputStream(content);

        lfs().upload(over, REF, output);

        assertThat(output.available()).isZero();
        assertThat(requests("/store/" + object(content).oid())).isEmpty();
    }

    private static LfsTransfer expired(LfsTransfer transfer) {
        return new LfsTransfer(
                transfer.object(),
                new LfsTransfer.Action(
                        URI.create("https://localhost:1/gone"),
                        Map.of(),
                        Clock.systemUTC().instant()),
                null);
    }

    @Test
    void contentThatIsNotItsIdNeverArrivesWhole() throws Exception {
        byte[] content = bytes(200_000);
        LfsTransfer transfer = lacking(object(content));
        content[199_999]++;

        assertThatThrownBy(() -> lfs().upload(transfer, REF, new ByteArrayInputStream(content)))
                .isInstanceOf(GitProtocolException.class)
                .hasMessageContaining("does not match its pointer");
        assertThat(stored(transfer.object())).doesNotExist();
    }

    @Test
    void anEmptyObjectThatIsNotItsIdIsNotSent() throws Exception {
        LfsObject claimed = new LfsObject("ab".repeat(32), 0);
        LfsTransfer transfer = lacking(claimed);

        assertThatThrownBy(() -> lfs().upload(transfer, REF, InputStream.nullInputStream()))
                .isInstanceOf(GitProtocolException.class)
                .hasMessageContaining("does not match its pointer");
        assertThat(requests("/store/" + claimed.oid())).isEmpty();
    }

    @Test
    void contentThatEndsEarlyIsTheContentsFailure() throws Exception {
        byte[] content = bytes(200_000);
        LfsTransfer transfer = lacking(object(content));

        assertThatThrownBy(() -> lfs().upload(transfer, REF, new ByteArrayInputStream(content, 0, 150_000)))
                .isInstanceOf(EOFException.class);
        assertThat(stored(transfer.object())).doesNotExist();
    }

    @Test
    void aForgeThatTakesNoMoreBytesIsGivenUp() throws Exception {
        fault(Fault.on("PUT", "").stallingAfterRequestBytes(1000));

        assertThat(refusedUpload(lfs(Duration.ofSeconds(1), TOKEN), bytes(50_000_000))
                        .reason())
                .isEqualTo(SharedReason.NETWORK);
    }

    @Test
    void aConnectionThatBreaksIsANetworkMatter() throws Exception {
        fault(Fault.on("PUT", "").resettingAfterRequestBytes(100_000));

        assertThat(refusedUpload(lfs(), bytes(2_000_000)).reason()).isEqualTo(SharedReason.NETWORK);
    }
}
