package dev.sessionpublish.git;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * Proves that one commit is a descendant of another by hashing the commits between them, without trusting their source.
 * The input is the output of {@code git cat-file --batch} for {@code git rev-list --ancestry-path --topo-order
 * OLD..NEW}, followed by a line {@code end chain}. A commit counts only if its hash equals its id and a counted commit
 * names it as a parent. Only one commit and the set of named ids are kept in memory.
 */
public final class CommitChain {
    /** A longer proof is not read; the verdict is {@code TOO_LONG}. */
    public static final int MAX_COMMITS = 100_000;

    public static final int MAX_COMMIT_BYTES = 1 << 20;
    public static final long MAX_TOTAL_BYTES = 128L << 20;
    private static final int MAX_NAMED = 400_000;
    private static final String END = "end chain";

    /** The result of a proof. */
    public enum Verdict {
        DESCENDS,
        DOES_NOT_DESCEND,
        TOO_LONG
    }

    private final Set<ObjectId> named = new HashSet<>();
    private long total;

    private CommitChain() {}

    /**
     * @throws GitProtocolException if the input is not such a list
     * @throws EOFException if the input ends before the end mark
     */
    public static Verdict read(InputStream in, ObjectId from, ObjectId to) throws IOException {
        return new CommitChain().verdict(in, from, to);
    }

    private Verdict verdict(InputStream in, ObjectId from, ObjectId to) throws IOException {
        named.add(to);
        for (int commits = 0; ; commits++) {
            String line = readLine(in);
            if (line.equals(END)) {
                return named.contains(from) ? Verdict.DESCENDS : Verdict.DOES_NOT_DESCEND;
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
            if (commits >= MAX_COMMITS
                    || size > MAX_COMMIT_BYTES
                    || total > MAX_TOTAL_BYTES
                    || named.size() > MAX_NAMED) {
                return Verdict.TOO_LONG;
            }
            byte[] commit = in.readNBytes(size);
            if (commit.length < size || in.read() != '\n') {
                throw new EOFException("the list of commits ends within a commit");
            }
            ObjectId id = new ObjectId(words[0]);
            ObjectFormat format = ObjectFormat.of(to);
            if (!hash(commit, format).equals(id) || !named.remove(id)) {
                return Verdict.DOES_NOT_DESCEND;
            }
            addParents(commit, format);
        }
    }

    private static ObjectId hash(byte[] commit, ObjectFormat format) {
        MessageDigest digest = format.digest();
        digest.update(("commit " + commit.length + "\0").getBytes(StandardCharsets.US_ASCII));
        return new ObjectId(HexFormat.of().formatHex(digest.digest(commit)));
    }

    /**
     * Reads the parents as git does: one {@code tree} line, then consecutive {@code parent} lines. Later {@code parent}
     * lines are ignored.
     */
    private void addParents(byte[] commit, ObjectFormat format) {
        int digits = 2 * format.bytes();
        int at = "tree ".length() + digits + 1;
        if (!isLine(commit, 0, "tree ", digits)) {
            return;
        }
        int length = "parent ".length() + digits + 1;
        while (isLine(commit, at, "parent ", digits)) {
            named.add(new ObjectId(new String(commit, at + 7, digits, StandardCharsets.ISO_8859_1)));
            at += length;
        }
    }

    private static boolean isLine(byte[] commit, int at, String key, int digits) {
        int end = at + key.length() + digits;
        if (end >= commit.length || commit[end] != '\n') {
            return false;
        }
        String line = new String(commit, at, end - at, StandardCharsets.ISO_8859_1);
        return line.startsWith(key) && ObjectId.isValid(line.substring(key.length()));
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
