package dev.sessionpublish.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;

/**
 * Reads the body of an API's response, of at most 10 MiB. If it is JSON, it has at most {@value #MOST_TOKENS} tokens and, if
 * it is a list, {@value #MOST_ENTRIES} entries, because what a parser makes of a body can take forty times its bytes. All long
 * bodies that are being read in this process share an eighth of the heap.
 */
final class AnswerBody {
    /** Enough for a hundred pull requests with bodies of 64 KiB. */
    static final int LONGEST = 10 * 1024 * 1024;
    /** A pull request with its repositories and users has about 800, so this is twice as much as a page of them. */
    static final int MOST_TOKENS = 200_000;
    /** No page that is requested has more. */
    static final int MOST_ENTRIES = 100;
    /** Of each body, taken without asking: nearly every response is shorter. */
    private static final int CHUNK = 256 * 1024;

    private static final int KIB = 1024;
    private static final JsonFactory JSON = ForgeJson.within(MOST_TOKENS);
    /** What a body that is being read may take: its bytes, and their copy when the buffer grows. */
    private static final int COPIES = 3;

    private static final Semaphore FREE_KIB =
            new Semaphore((int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 8 / KIB));

    private AnswerBody() {}

    /** The body can't be used. The message completes the sentence "The response …". */
    static final class UnreadableException extends IOException {
        private static final long serialVersionUID = 1;

        private final boolean fleeting;

        private UnreadableException(String message, boolean fleeting) {
            super(message);
            this.fleeting = fleeting;
        }

        /** A response that is compressed although that was not accepted. */
        static UnreadableException encoded() {
            return new UnreadableException("is compressed, although the operator asks for none that is", false);
        }

        private static UnreadableException tooLarge(String limit) {
            return new UnreadableException("exceeds " + limit, false);
        }

        private static UnreadableException busy() {
            return new UnreadableException("is long, and others that are being read leave no memory for it", true);
        }

        /** Whether the same response may be readable later. */
        boolean isTransient() {
            return fleeting;
        }
    }

    /** @throws UnreadableException if a limit is exceeded */
    static byte[] read(InputStream in) throws IOException {
        byte[] start = in.readNBytes(CHUNK);
        byte[] body = start.length < CHUNK ? start : readLong(start, in, FREE_KIB);
        requireFewTokens(body);
        return body;
    }

    /** @param free what long bodies may take, in KiB */
    static byte[] readLong(byte[] start, InputStream in, Semaphore free) throws IOException {
        int taken = 0;
        try {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (byte[] chunk = start; chunk.length > 0; chunk = in.readNBytes(CHUNK)) {
                if (body.size() + chunk.length > LONGEST) {
                    throw UnreadableException.tooLarge("10 MiB");
                }
                int more = COPIES * CHUNK / KIB;
                if (!free.tryAcquire(more)) {
                    throw UnreadableException.busy();
                }
                taken += more;
                body.write(chunk);
            }
            return body.toByteArray();
        } finally {
            free.release(taken);
        }
    }

    /** Keeps nothing of the JSON. A body that is no JSON is left to its reader, whose parser stops at the same place. */
    private static void requireFewTokens(byte[] body) throws IOException {
        try (JsonParser json = JSON.createParser(body)) {
            JsonToken first = json.nextToken();
            int depth = 1;
            int entries = 0;
            for (JsonToken next = json.nextToken(); next != null; next = json.nextToken()) {
                if (first == JsonToken.START_ARRAY && depth == 1 && !next.isStructEnd() && ++entries > MOST_ENTRIES) {
                    throw UnreadableException.tooLarge(MOST_ENTRIES + " entries");
                }
                depth += next.isStructStart() ? 1 : next.isStructEnd() ? -1 : 0;
            }
        } catch (StreamConstraintsException e) {
            throw UnreadableException.tooLarge("the limits for JSON");
        } catch (JacksonException e) {
            // Not JSON.
        }
    }
}
