package dev.sessionpublish.git;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The refs and capabilities that a remote advertises before a push: its branches, the tips of its other refs, and its
 * capabilities (reference discovery for receive-pack in git's gitprotocol-http and gitprotocol-pack, protocol version
 * 0).
 */
public final class Advertisement {
    /** An advertisement with more refs is rejected. */
    static final int MAX_REFS = 1_000_000;

    static final int MAX_OTHER_TIPS = 20_000;
    private static final String HEADS = "refs/heads/";

    private final Map<String, ObjectId> branches;
    private final Set<ObjectId> otherTips;
    private final Set<String> capabilities;

    private Advertisement(Map<String, ObjectId> branches, Set<ObjectId> otherTips, Set<String> capabilities) {
        this.branches = branches;
        this.otherTips = otherTips;
        this.capabilities = capabilities;
    }

    /**
     * Reads the body of {@code GET info/refs?service=git-receive-pack}.
     *
     * @throws GitProtocolException if the body is not a valid advertisement
     * @throws java.io.EOFException if the body ends early
     */
    public static Advertisement read(InputStream in) throws IOException {
        PktLines lines = new PktLines(in);
        if (!lines.nextText().equals(Optional.of("# service=git-receive-pack"))
                || lines.next().isPresent()) {
            throw new GitProtocolException("the response is not a receive-pack advertisement");
        }
        Map<String, ObjectId> branches = new HashMap<>();
        Set<ObjectId> others = new LinkedHashSet<>();
        Set<String> capabilities = Set.of();
        int count = 0;
        for (Optional<String> next = lines.nextText(); next.isPresent(); next = lines.nextText()) {
            String line = next.get();
            if (line.startsWith("ERR ")) {
                throw new GitProtocolException(
                        "the advertisement contains the error " + line.substring("ERR ".length()));
            }
            if (count++ == 0) {
                int nul = line.indexOf('\0');
                if (nul < 0) {
                    throw new GitProtocolException("the first advertised ref has no capabilities");
                }
                capabilities = new HashSet<>(
                        Arrays.asList(line.substring(nul + 1).trim().split(" +")));
                line = line.substring(0, nul);
            }
            if (count > MAX_REFS) {
                throw new GitProtocolException("more than " + MAX_REFS + " refs are advertised");
            }
            parse(line, branches, others);
        }
        Advertisement read = new Advertisement(branches, others, capabilities);
        read.requireOneFormat();
        return read;
    }

    /** A compare-and-swap needs a valid old id. Rejects branches with an id of another object format or the zero id. */
    private void requireOneFormat() throws GitProtocolException {
        int digits = 2 * objectFormat().bytes();
        for (ObjectId each : branches.values()) {
            if (each.hex().length() != digits || each.isZero()) {
                throw new GitProtocolException("a branch is advertised with an invalid object id");
            }
        }
        otherTips.removeIf(each -> each.hex().length() != digits);
    }

    private static void parse(String line, Map<String, ObjectId> branches, Set<ObjectId> others)
            throws GitProtocolException {
        int space = line.indexOf(' ');
        if (line.startsWith("shallow ")) {
            return;
        }
        if (space < 0 || !ObjectId.isValid(line.substring(0, space))) {
            throw new GitProtocolException("an advertised ref is not an object id, a space and a name");
        }
        ObjectId id = new ObjectId(line.substring(0, space));
        String name = line.substring(space + 1);
        if (name.startsWith(HEADS)) {
            branches.put(name.substring(HEADS.length()), id);
        } else if (!id.isZero() && others.size() < MAX_OTHER_TIPS) {
            others.add(id);
        }
    }

    /** @param branch without {@code refs/heads/} */
    public Optional<ObjectId> branch(String branch) {
        return Optional.ofNullable(branches.get(branch));
    }

    /** Whether the remote has no branches. */
    public boolean isEmpty() {
        return branches.isEmpty();
    }

    /** The existing branch that conflicts with this name, because one name is a directory of the other. */
    public Optional<String> conflictWith(String branch) {
        for (int slash = branch.indexOf('/'); slash > 0; slash = branch.indexOf('/', slash + 1)) {
            if (branches.containsKey(branch.substring(0, slash))) {
                return Optional.of(branch.substring(0, slash));
            }
        }
        String below = branch + "/";
        return branches.keySet().stream().filter(name -> name.startsWith(below)).findFirst();
    }

    /** The tips of the remote's refs, starting with the named branches; at most {@code limit}. */
    public List<ObjectId> tips(int limit, String... firstBranches) {
        Set<ObjectId> tips = new LinkedHashSet<>();
        for (String each : firstBranches) {
            branch(each).ifPresent(tips::add);
        }
        tips.addAll(branches.values());
        tips.addAll(otherTips);
        List<ObjectId> all = new ArrayList<>(tips);
        return all.subList(0, Math.min(limit, all.size()));
    }

    public boolean supports(String capability) {
        return capabilities.contains(capability);
    }

    /** The remote's object format; SHA-1 if it advertises none. */
    public ObjectFormat objectFormat() throws GitProtocolException {
        for (String each : capabilities) {
            if (each.startsWith("object-format=")) {
                String name = each.substring("object-format=".length());
                return ObjectFormat.named(name)
                        .orElseThrow(() -> new GitProtocolException("the remote advertises an unknown object format"));
            }
        }
        return ObjectFormat.SHA1;
    }
}
