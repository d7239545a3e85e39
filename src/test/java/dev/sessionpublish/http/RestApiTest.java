package dev.sessionpublish.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPOutputStream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one response may cost. */
@Timeout(60)
class RestApiTest {
    private static final int MIB = 1 << 20;

    @Test
    void aListOfMillionsOfObjectsIsRefusedBeforeItIsParsed() {
        assertThatThrownBy(() -> answer("", list("{}", 9 * MIB)))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(SharedReason.SERVER_ERROR))
                .hasMessageContaining("exceeds 100 entries");
        assertThatThrownBy(() -> answer("", ("{\"a\":" + new String(list("{}", MIB), UTF_8) + "}").getBytes(UTF_8)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("exceeds the limits for JSON");
    }

    @Test
    void deeplyNestedJsonIsRefused() {
        assertThatThrownBy(() -> answer("", "[".repeat(100_000).getBytes(UTF_8)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("exceeds the limits for JSON");
    }

    @Test
    void aHundredPullRequestsWithLongBodiesAreRead() throws Exception {
        String user = "{" + "\"key\":\"value\",".repeat(18) + "\"id\":1}";
        String repository = "{" + "\"key\":\"https://example.com/a/long/url\",".repeat(100) + "\"owner\":" + user + "}";
        String side = "{\"repo\":" + repository + ",\"user\":" + user + "}";
        String pull = "{\"body\":\"" + "x".repeat(64 * 1024) + "\",\"head\":" + side + ",\"base\":" + side + "}";
        byte[] body = list(pull, 100 * pull.length() - 1);

        assertThat(answer("", body).json()).hasSize(100);
    }

    @Test
    void aBodyThatIsNoJsonIsReturned() throws Exception {
        assertThat(answer("", "<html>".getBytes(UTF_8)).start()).isEqualTo("<html>");
        assertThat(answer("", new byte[0]).json().isMissingNode()).isTrue();
    }

    @Test
    void aBodyBeyondTheLimitIsRefused() {
        assertThatThrownBy(() -> answer("", new byte[AnswerBody.LONGEST + 1]))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("exceeds 10 MiB");
    }

    @Test
    void longBodiesShareALimitAndGiveItBack() throws Exception {
        Semaphore free = new Semaphore(4 * 1024);
        assertThatThrownBy(() -> AnswerBody.readLong(new byte[MIB], zeros(5 * MIB), free))
                .isInstanceOf(AnswerBody.UnreadableException.class)
                .hasMessageContaining("leave no memory");
        assertThat(free.availablePermits()).isEqualTo(4 * 1024);
        assertThat(AnswerBody.readLong(new byte[1], zeros(MIB), free)).hasSize(MIB + 1);
        assertThat(free.availablePermits()).isEqualTo(4 * 1024);
    }

    @Test
    void aCompressedResponseIsNeitherAskedForNorRead() throws Exception {
        ByteArrayOutputStream empty = new ByteArrayOutputStream();
        new GZIPOutputStream(empty).close();
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        while (members.size() < MIB) {
            members.writeBytes(empty.toByteArray());
        }

        assertThatThrownBy(() -> answer("Content-Encoding: gzip\r\n", members.toByteArray()))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(SharedReason.SERVER_ERROR))
                .hasMessageContaining("is compressed");
        assertThat(answer("Content-Encoding: identity\r\n", "{}".getBytes(UTF_8))
                        .json())
                .isEmpty();
    }

    @Test
    void aHeadOfManyOrLongLinesIsRefused() throws Exception {
        String longest = "x: " + "a".repeat(ForgeHttp.LONGEST_LINE - 100) + "\r\n";
        assertThat(answer(longest, new byte[0]).header("x")).isPresent();

        for (String head : new String[] {
            "x: y\r\n".repeat(ForgeHttp.MOST_HEADERS + 1), "x: " + "a".repeat(ForgeHttp.LONGEST_LINE) + "\r\n"
        }) {
            assertThatThrownBy(() -> answer(head, new byte[0]))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("The head of the response");
        }
    }

    private static byte[] list(String entry, int bytes) {
        StringBuilder list = new StringBuilder("[").append(entry);
        while (list.length() < bytes) {
            list.append(',').append(entry);
        }
        return list.append(']').toString().getBytes(UTF_8);
    }

    private static ByteArrayInputStream zeros(int count) {
        return new ByteArrayInputStream(new byte[count]);
    }

    private static Answer answer(String headers, byte[] body) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = ForgeHttp.create(Optional.empty(), Duration.ofSeconds(20))) {
            Thread thread = new Thread(() -> answerOnce(server, headers, body), "server");
            thread.start();
            URI root = URI.create("http://127.0.0.1:" + server.getLocalPort());
            HttpGet get = new HttpGet(root + "/x");
            get.setHeader("Accept-Encoding", "gzip");
            return new RestApi(root, client, Duration.ofSeconds(20)).exchange(get);
        }
    }

    private static void answerOnce(ServerSocket server, String headers, byte[] body) {
        try (Socket socket = server.accept()) {
            byte[] request = new byte[4096];
            String head = new String(request, 0, socket.getInputStream().read(request), ISO_8859_1);
            assertThat(head).contains("Accept-Encoding: identity").doesNotContain("gzip");
            OutputStream out = socket.getOutputStream();
            out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n" + headers + "\r\n")
                    .getBytes(ISO_8859_1));
            out.write(body);
            out.flush();
        } catch (IOException e) {
            // The client has seen enough.
        }
    }
}
