package dev.sessionpublish.git;

import dev.sessionpublish.outcome.RefusedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Proves that one commit is a descendant of another by hashing the commits between them, without trusting their source.
 * The input is the output of {@code git cat-file --batch} for {@code git rev-list --ancestry-path --topo-order
 * OLD..NEW}, followed by a line {@code end chain}. A commit counts only if its hash equals its id and a counted commit
 * names it as a parent. Only the set of named ids is kept in memory, as raw bytes.
 */
public final class CommitChain {
    /** A longer proof is not read; the verdict is {@code TOO_LONG}. */
    public static final int MAX_COMMITS = 100_000;

    public static final int MAX_COMMIT_BYTES = 1 << 20;
    public static final long MAX_TOTAL_BYTES = 128L << 20;
    private static final int CHUNK = 8 * 1024;
    private static final String END = "end chain";
    private static final byte[] TREE = "tree ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PARENT = "parent ".getBytes(StandardCharsets.US_ASCII);

    /** The result of a proof. */
    public enum Verdict {
        DESCENDS,
        DOES_NOT_DESCEND,
        TOO_LONG
    }

    private final InputStream in;
    private final ObjectFormat format;
    private final IdSet named;
    private final byte[] id;
    private final byte[] chunk = new byte[CHUNK];
    private long total;

    private CommitChain(InputStream in, ObjectFormat format, IdSet named) {
        this.in = in;
        this.format = format;
        this.named = named;
        this.id = new byte[format.bytes()];
    }

    /**
     * @param memory that the ids are kept in; more ids than one run may keep are {@code TOO_LONG}
     * @throws GitProtocolException if the input is not such a list
     * @throws EOFException if the input ends before the end mark
     * @throws RefusedException memory-limit, if other runs use the memory that they share
     */
    public static Verdict read(InputStream in, ObjectId from, ObjectId to, MemoryBudget.Share memory)
            throws IOException, RefusedException {
        ObjectFormat format = ObjectFormat.of(to);
        IdSet named = new IdSet(format, memory);
        try {
            named.add(RawIds.of(to), 0);
            return new CommitChain(in, format, named).verdict(from);
        } finally {
            named.release();
        }
    }

    private Verdict verdict(ObjectId from) throws IOException, RefusedException {
        for (int commits = 0; ; commits++) {
            String line = readLine(in);
            if (line.equals(END)) {
                return ObjectFormat.of(from) == format && named.contains(RawIds.of(from))
                        ? Verdict.DESCENDS
                        : Verdict.DOES_NOT_DESCEND;
            }
            String[] words = line.split(" ");
            if (words.length != 3
                    || !ObjectId.isValid(words[0])
                    || !words[1].equals("commit")
                    || !words[2].matches("[0-9]{1,9}")) {
                throw new GitProtocolException(
                        "the list of commits has a line that is neither a commit nor the end mark");
            }
            int size = Integer.parseInt(words[2]);
            total += size;
            if (commits >= MAX_COMMITS || size > MAX_COMMIT_BYTES || total > MAX_TOTAL_BYTES) {
                return Verdict.TOO_LONG;
            }
            ObjectId claimed = new ObjectId(words[0]);
            if (ObjectFormat.of(claimed) != format || !named.remove(RawIds.of(claimed))) {
                return Verdict.DOES_NOT_DESCEND;
            }
            MessageDigest digest = format.digest();
            digest.update(("commit " + size + "\0").getBytes(StandardCharsets.US_ASCII));
            if (!readCommit(size, digest)) {
                return Verdict.TOO_LONG;
            }
            if (!Arrays.equals(digest.digest(), RawIds.of(claimed))) {
                return Verdict.DOES_NOT_DESCEND;
            }
        }
    }

    /**
     * Reads a commit through one buffer. Its parents count at once: if its hash turns out to be wrong, nothing counts.
     *
     * @return false if it has more parents than may be kept
     */
    private boolean readCommit(int size, MessageDigest digest) throws IOException, RefusedException {
        int filled = 0;
        boolean tree = true;
        boolean header = true;
        for (int left = size; left > 0; ) {
            int read = in.readNBytes(chunk, filled, Math.min(left, CHUNK - filled));
            if (read == 0) {
                throw new EOFException("the list of commits ends within a commit");
            }
            digest.update(chunk, filled, read);
            left -= read;
            filled = header ? filled + read : 0;
            int at = 0;
            for (int length = lineLength(tree); header && filled - at >= length; length = lineLength(false)) {
                header = isLine(at, tree ? TREE : PARENT);
                if (header && !tree) {
                    if (named.isFull()) {
                        return false;
                    }
                    named.add(id, 0);
                }
                tree = false;
                at += length;
            }
            if (header) {
                System.arraycopy(chunk, at, chunk, 0, filled - at);
                filled -= at;
            } else {
                filled = 0;
            }
        }
        if (in.read() != '\n') {
            throw new EOFException("the list of commits ends within a commit");
        }
        return true;
    }

    /**
     * The length of a line that git takes for the tree or a parent: one {@code tree} line, then consecutive {@code parent}
     * lines. Later {@code parent} lines are ignored.
     */
    private int lineLength(boolean tree) {
        return (tree ? TREE : PARENT).length + 2 * format.bytes() + 1;
    }

    /** Whether there is such a line in the buffer; decodes its id. */
    private boolean isLine(int at, byte[] key) {
        int end = at + key.length + 2 * format.bytes();
        return Arrays.equals(chunk, at, at + key.length, key, 0, key.length)
                && chunk[end] == '\n'
                && RawIds.decode(chunk, at + key.length, id);
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the list of commits has no end mark");
            }
            if (line.length() == 128) {
                throw new GitProtocolException("a line of the list of commits exceeds 128 bytes");
            }
            line.append((char) next);
        }
        return line.toString();
    }
}
