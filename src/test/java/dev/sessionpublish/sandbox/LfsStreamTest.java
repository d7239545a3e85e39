package dev.sessionpublish.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sessionpublish.git.GitProtocolException;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.git.lfs.LfsObject;
import dev.sessionpublish.git.lfs.LfsServer;
import dev.sessionpublish.git.lfs.LfsTransfer;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a sandbox may say where LFS objects are expected; nothing of it reaches a forge, which isn't there. */
class LfsStreamTest {
    private static final String OID = "ab".repeat(32);

    @AutoClose
    private static final CloseableHttpClient HTTP = HttpClients.createDefault();

    @AutoClose("shutdownNow")
    private static final ScheduledExecutorService WATCHDOG = Executors.newSingleThreadScheduledExecutor();

    private static void send(String output, int objects) throws IOException, RefusedException {
        InputStream in = new ByteArrayInputStream(output.getBytes(UTF_8));
        LfsServer nowhere = new LfsServer(
                HTTP,
                URI.create("https://localhost:1/acme/web.git"),
                new Token("t"),
                Set.of("localhost:1"),
                WATCHDOG,
                new LfsServer.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5)));
        LfsTransfer transfer = new LfsTransfer(
                new LfsObject(OID, 12),
                new LfsTransfer.Action(URI.create("https://localhost:1/x"), Map.of(), null),
                null);
        new LfsStream(in, nowhere, "refs/heads/agent/fix", bytes -> {})
                .send(List.of(transfer).subList(0, objects));
        assertThat(in.readAllBytes()).asString(UTF_8).isEqualTo("PACK");
    }

    @Test
    void whereNoneWasAskedForNothingIsRead() throws Exception {
        send("PACK", 0);
    }

    @Test
    void anObjectThatTheSandboxHasNotIsTold() {
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> send("lfs-missing " + OID + "\nend lfs\nPACK", 1));
        assertThat(refused.reason()).isEqualTo(PushReason.LFS);
        assertThat(refused.getMessage()).contains("git lfs fetch", OID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "end lfs",
                "lfs-object OID 11",
                "lfs-object OID 13",
                "lfs-object OID -1",
                "lfs-object OID",
                "lfs-object cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd 12",
                "lfs-missing cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
                "",
                "PACK"
            })
    void whatIsNotTheObjectThatWasAskedForIsRefused(String line) {
        assertThatThrownBy(() -> send(line.replace("OID", OID) + "\nhello, world\nend lfs\nPACK", 1))
                .isInstanceOf(GitProtocolException.class);
    }

    @Test
    void aLineWithoutEndIsNotReadToItsEnd() {
        assertThatThrownBy(() -> send("a".repeat(1_000_000), 1)).isInstanceOf(GitProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "lfs-object "})
    void anEndBeforeTheObjectIsAnEnd(String output) {
        assertThatThrownBy(() -> send(output, 1)).isInstanceOf(EOFException.class);
    }
}
