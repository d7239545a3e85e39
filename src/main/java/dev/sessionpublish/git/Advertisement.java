package dev.sessionpublish.git;

import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The refs and capabilities that a remote advertises before a push: its branches, the tips of its other refs, and its
 * capabilities (reference discovery for receive-pack in git's gitprotocol-http and gitprotocol-pack, protocol version
 * 0). Ids and names are kept as raw bytes, in the memory of one run.
 */
public final class Advertisement {
    /** An advertisement with more refs is rejected. */
    static final int MAX_REFS = 1_000_000;

    static final int MAX_OTHER_TIPS = 20_000;
    private static final byte[] HEADS = ascii("refs/heads/");
    private static final byte[] SHALLOW = ascii("shallow ");
    private static final byte[] ERROR = ascii("ERR ");

    private final Set<String> capabilities;
    private final ObjectFormat format;
    private final BranchList branches;
    private final List<ObjectId> otherTips;
    private final MemoryBudget.Share memory;

    private Advertisement(
            Set<String> capabilities, BranchList branches, List<ObjectId> otherTips, MemoryBudget.Share memory)
            throws GitProtocolException {
        this.capabilities = capabilities;
        this.format = format(capabilities);
        this.branches = branches;
        this.otherTips = otherTips;
        this.memory = memory;
    }

    /**
     * Reads the body of {@code GET info/refs?service=git-receive-pack}.
     *
     * @param memory of the run, which must not be closed before the advertisement is no longer used
     * @throws GitProtocolException if the body is not a valid advertisement
     * @throws java.io.EOFException if the body ends early
     * @throws RefusedException memory-limit
     */
    public static Advertisement read(InputStream in, MemoryBudget.Share memory) throws IOException, RefusedException {
        PktLines lines = new PktLines(in);
        if (!lines.nextText().equals(Optional.of("# service=git-receive-pack"))
                || lines.next().isPresent()) {
            throw new GitProtocolException("the response is not a receive-pack advertisement");
        }
        Optional<byte[]> next = lines.next();
        Set<String> capabilities = next.isEmpty() ? Set.of() : capabilities(next.get());
        ObjectFormat format = format(capabilities);
        Refs refs =
                new Refs(format.bytes(), new BranchList(format, memory), new TipList(format, MAX_OTHER_TIPS, memory));
        for (int count = 1; next.isPresent(); count++) {
            if (count > MAX_REFS) {
                throw new GitProtocolException("more than " + MAX_REFS + " refs are advertised");
            }
            refs.add(next.get());
            next = lines.next();
        }
        return new Advertisement(capabilities, refs.branches, refs.otherTips.collected(), memory);
    }

    /** The capabilities follow the name of the first ref. */
    private static Set<String> capabilities(byte[] first) throws GitProtocolException {
        requireNoError(first);
        String line = SafeText.decode(first);
        int nul = line.indexOf('\0');
        if (nul < 0) {
            throw new GitProtocolException("the first advertised ref has no capabilities");
        }
        return new HashSet<>(Arrays.asList(line.substring(nul + 1).trim().split(" +")));
    }

    private static void requireNoError(byte[] line) throws GitProtocolException {
        if (startsWith(line, 0, ERROR)) {
            throw new GitProtocolException("the advertisement contains the error "
                    + SafeText.decode(line).substring(ERROR.length).stripTrailing());
        }
    }

    /** What is kept while the refs are read. */
    private record Refs(int width, BranchList branches, TipList otherTips) {
        /** A compare-and-swap needs a valid old id: rejects branches with an id of another format or the zero id. */
        void add(byte[] line) throws GitProtocolException, RefusedException {
            requireNoError(line);
            if (startsWith(line, 0, SHALLOW)) {
                return;
            }
            int end = endOfName(line);
            int digits = indexOf(line, ' ', end);
            byte[] id = new byte[width];
            boolean fits = digits == 2 * width && RawIds.decode(line, 0, id);
            if (!fits && !ObjectId.isValid(new String(line, 0, Math.max(0, digits), StandardCharsets.ISO_8859_1))) {
                throw new GitProtocolException("an advertised ref is not an object id, a space and a name");
            }
            int name = digits + 1;
            if (startsWith(line, name, HEADS)) {
                if (!fits || Arrays.equals(id, new byte[width])) {
                    throw new GitProtocolException("a branch is advertised with an invalid object id");
                }
                branches.add(line, name + HEADS.length, end, id);
            } else if (fits) {
                otherTips.add(id, 0);
            }
        }

        private static int endOfName(byte[] line) {
            int nul = indexOf(line, '\0', line.length);
            if (nul >= 0) {
                return nul;
            }
            return line.length > 0 && line[line.length - 1] == '\n' ? line.length - 1 : line.length;
        }
    }

    /** @param branch without {@code refs/heads/} */
    public Optional<ObjectId> branch(String branch) {
        return branches.find(branch.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether the remote has no branches. */
    public boolean isEmpty() {
        return branches.size() == 0;
    }

    /**
     * The existing branch that conflicts with this name, because one name is a directory of the other. Bytes that are not
     * UTF-8 are shown as U+FFFD.
     */
    public Optional<String> conflictWith(String branch) {
        byte[] name = branch.getBytes(StandardCharsets.UTF_8);
        for (BranchList.Cursor each = branches.cursor(); each.next(); ) {
            if (each.conflictsWith(name)) {
                return Optional.of(each.name());
            }
        }
        return Optional.empty();
    }

    /**
     * The tips of the remote's refs, starting with the named branches; at most {@code limit}.
     *
     * @throws RefusedException memory-limit
     */
    public List<ObjectId> tips(int limit, String... firstBranches) throws RefusedException {
        TipList tips = new TipList(format, limit, memory);
        for (String each : firstBranches) {
            Optional<ObjectId> tip = branch(each);
            if (tip.isPresent()) {
                tips.add(RawIds.of(tip.get()), 0);
            }
        }
        for (BranchList.Cursor each = branches.cursor(); each.next(); ) {
            each.addTo(tips);
        }
        for (ObjectId each : otherTips) {
            tips.add(RawIds.of(each), 0);
        }
        return tips.collected();
    }

    public boolean supports(String capability) {
        return capabilities.contains(capability);
    }

    /** The remote's object format; SHA-1 if it advertises none. */
    public ObjectFormat objectFormat() throws GitProtocolException {
        return format(capabilities);
    }

    private static ObjectFormat format(Set<String> capabilities) throws GitProtocolException {
        for (String each : capabilities) {
            if (each.startsWith("object-format=")) {
                String name = each.substring("object-format=".length());
                return ObjectFormat.named(name)
                        .orElseThrow(() -> new GitProtocolException("the remote advertises an unknown object format"));
            }
        }
        return ObjectFormat.SHA1;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean startsWith(byte[] line, int at, byte[] start) {
        return line.length - at >= start.length && Arrays.equals(line, at, at + start.length, start, 0, start.length);
    }

    private static int indexOf(byte[] line, char wanted, int end) {
        for (int at = 0; at < end; at++) {
            if (line[at] == wanted) {
                return at;
            }
        }
        return -1;
    }
}
