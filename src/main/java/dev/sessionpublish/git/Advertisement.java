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
 * What a remote says of itself before a push: its branches, its other tips, its capabilities (git's gitprotocol-http
 * and gitprotocol-pack, reference discovery for receive-pack, protocol version 0).
 */
public final class Advertisement {
    /** More lines than this are refused. */
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
     * @throws GitProtocolException when it isn't one
     * @throws java.io.EOFException when it ends early
     */
    public static Advertisement read(InputStream in) throws IOException {
        PktLines lines = new PktLines(in);
        if (!lines.nextText().equals(Optional.of("# service=git-receive-pack"))
                || lines.next().isPresent()) {
            throw new GitProtocolException("the answer isn't a receive-pack advertisement");
        }
        Map<String, ObjectId> branches = new HashMap<>();
        Set<ObjectId> others = new LinkedHashSet<>();
        Set<String> capabilities = Set.of();
        int count = 0;
        for (Optional<String> next = lines.nextText(); next.isPresent(); next = lines.nextText()) {
            String line = next.get();
            if (line.startsWith("ERR ")) {
                throw new GitProtocolException("it ends with the error " + line.substring("ERR ".length()));
            }
            if (count++ == 0) {
                int nul = line.indexOf('\0');
                if (nul < 0) {
                    throw new GitProtocolException("the first ref carries no capabilities");
                }
                capabilities = new HashSet<>(
                        Arrays.asList(line.substring(nul + 1).trim().split(" +")));
                line = line.substring(0, nul);
            }
            if (count > MAX_REFS) {
                throw new GitProtocolException("more than " + MAX_REFS + " refs are advertised");
            }
            take(line, branches, others);
        }
        Advertisement read = new Advertisement(branches, others, capabilities);
        read.requireOneFormat();
        return read;
    }

    /** Ids of two kinds, or a branch at no commit, are nothing to compare and swap. */
    private void requireOneFormat() throws GitProtocolException {
        int digits = 2 * objectFormat().bytes();
        for (ObjectId each : branches.values()) {
            if (each.hex().length() != digits || each.isZero()) {
                throw new GitProtocolException("a branch is advertised at an id that isn't one of the repository's");
            }
        }
        otherTips.removeIf(each -> each.hex().length() != digits);
    }

    private static void take(String line, Map<String, ObjectId> branches, Set<ObjectId> others)
            throws GitProtocolException {
        int space = line.indexOf(' ');
        if (line.startsWith("shallow ")) {
            return;
        }
        if (space < 0 || !ObjectId.isValid(line.substring(0, space))) {
            throw new GitProtocolException("an advertised ref is an object id, a space and a name");
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

    /** Whether the remote has no branch at all. */
    public boolean isEmpty() {
        return branches.isEmpty();
    }

    /** The existing branch that can't stand beside this one, because one name is a directory of the other's. */
    public Optional<String> conflictWith(String branch) {
        for (int slash = branch.indexOf('/'); slash > 0; slash = branch.indexOf('/', slash + 1)) {
            if (branches.containsKey(branch.substring(0, slash))) {
                return Optional.of(branch.substring(0, slash));
            }
        }
        String below = branch + "/";
        return branches.keySet().stream().filter(name -> name.startsWith(below)).findFirst();
    }

    /** Commits that the remote has, those of the named branches first; at most {@code limit}. */
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

    /** SHA-1 where the remote says nothing. */
    public ObjectFormat objectFormat() throws GitProtocolException {
        for (String each : capabilities) {
            if (each.startsWith("object-format=")) {
                String name = each.substring("object-format=".length());
                return ObjectFormat.named(name)
                        .orElseThrow(() -> new GitProtocolException("the remote's object format is unknown"));
            }
        }
        return ObjectFormat.SHA1;
    }
}
