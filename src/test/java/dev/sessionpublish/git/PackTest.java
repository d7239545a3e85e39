package dev.sessionpublish.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PackTest {
    static byte[] pack(int length, ObjectFormat format) {
        byte[] content = new byte[length - format.bytes()];
        new Random(length).nextBytes(content);
        System.arraycopy(GitBytes.bytes("PACK"), 0, content, 0, 4);
        return GitBytes.join(content, format.digest().digest(content));
    }

    private static byte[] through(InputStream in, ObjectFormat format, long max) throws IOException {
        return new Pack(in, format, max).readAllBytes();
    }

    @ParameterizedTest
    @EnumSource
    void aWholePackComesThroughAsItIsHoweverItIsRead(ObjectFormat format) throws IOException {
        for (int length : new int[] {60, 65_535, 65_536, 65_537, 131_072, 131_092, 300_000}) {
            byte[] pack = pack(length, format);
            assertThat(through(GitBytes.stream(pack), format, length)).isEqualTo(pack);
            Pack read = new Pack(GitBytes.slowly(pack), format, length);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int next = read.read(); next >= 0; next = read.read()) {
                out.write(next);
            }
            assertThat(out.toByteArray()).isEqualTo(pack);
            assertThat(read.bytes()).isEqualTo(length);
            assertThat(read.read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPackCutAnywhereNeverArrivesWhole(ObjectFormat format) {
        byte[] pack = pack(200, format);
        for (int length = 0; length < pack.length; length++) {
            byte[] cut = Arrays.copyOf(pack, length);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertThatThrownBy(() -> new Pack(GitBytes.slowly(cut), format, 1_000).transferTo(out))
                    .as("cut at %d", length)
                    .isInstanceOf(EOFException.class);
            assertThat(out.size()).isLessThanOrEqualTo(Math.max(0, length - format.bytes()));
        }
    }

    @Test
    void aWrongTrailerOrOneByteMoreIsACutPack() {
        byte[] pack = pack(100_000, ObjectFormat.SHA1);
        for (int at : new int[] {5, 50_000, 99_980, 99_999}) {
            byte[] wrong = pack.clone();
            wrong[at] ^= 1;
            assertThatThrownBy(() -> through(GitBytes.stream(wrong), ObjectFormat.SHA1, 1_000_000))
                    .isInstanceOf(EOFException.class);
        }
        assertThatThrownBy(() -> through(GitBytes.stream(Arrays.copyOf(pack, 100_001)), ObjectFormat.SHA1, 1_000_000))
                .isInstanceOf(EOFException.class);
    }

    @Test
    void whatIsNoPackIsRefusedBeforeAnythingOfItIsPassedOn() {
        for (String text : new String[] {"fatal: not a pack, but long enough to hold a trailer", "PAC!", "pack", "x"}) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] bytes = GitBytes.bytes(text);
            assertThatThrownBy(() -> new Pack(GitBytes.slowly(bytes), ObjectFormat.SHA1, 1_000).transferTo(out))
                    .isInstanceOf(GitProtocolException.class);
            assertThat(out.size()).isZero();
        }
    }

    @Test
    void theLimitMayBeMetAndNotExceeded() throws IOException {
        for (int length : new int[] {100, 65_536, 200_000}) {
            byte[] pack = pack(length, ObjectFormat.SHA1);
            assertThat(through(GitBytes.slowly(pack), ObjectFormat.SHA1, length))
                    .hasSize(length);
            assertThatThrownBy(() -> through(GitBytes.slowly(pack), ObjectFormat.SHA1, length - 1))
                    .isInstanceOf(Pack.TooLargeException.class);
        }
    }

    @Test
    void aSmallPackGoesWithItsLengthAndALargeOneInChunks() throws IOException {
        byte[] command = GitBytes.bytes("command");
        for (int length : new int[] {100, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20}) {
            byte[] pack = pack(length, ObjectFormat.SHA1);
            PushBody body =
                    PushBody.of(command, new Pack(GitBytes.stream(pack), ObjectFormat.SHA1, length), bytes -> {});
            boolean small = length < 1 << 20;
            assertThat(body.getContentLength()).isEqualTo(small ? command.length + length : -1);
            assertThat(body.isChunked()).isEqualTo(!small);
            assertThat(body.isRepeatable()).isFalse();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            body.writeTo(out);
            assertThat(out.toByteArray()).isEqualTo(GitBytes.join(command, pack));
        }
    }

    @Test
    void aSmallPackThatIsCutIsNotEvenBegun() {
        byte[] cut = Arrays.copyOf(pack(1_000, ObjectFormat.SHA1), 900);
        assertThatThrownBy(() -> PushBody.of(
                        GitBytes.bytes("x"), new Pack(GitBytes.stream(cut), ObjectFormat.SHA1, 1_000), bytes -> {}))
                .isInstanceOf(EOFException.class);
    }

    @Test
    void aLargePackThatIsCutIsTheFailureToTell() throws IOException {
        byte[] cut = Arrays.copyOf(pack(3 << 20, ObjectFormat.SHA1), 2 << 20);
        PushBody body = PushBody.of(
                GitBytes.bytes("x"), new Pack(GitBytes.stream(cut), ObjectFormat.SHA1, 3 << 20), bytes -> {});
        assertThatThrownBy(() -> body.writeTo(new ByteArrayOutputStream())).isInstanceOf(EOFException.class);
        assertThatThrownBy(body::rethrowPackFailure).isInstanceOf(EOFException.class);
    }
}
