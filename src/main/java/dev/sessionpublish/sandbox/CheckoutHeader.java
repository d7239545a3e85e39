package dev.sessionpublish.sandbox;

import dev.sessionpublish.git.GitProtocolException;
import dev.sessionpublish.git.MemoryBudget;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.git.lfs.LfsObject;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header that checkout.sh writes: at most 256 KiB in lines of at most 4 KiB, and at most 10,001 LFS objects.
 */
final class CheckoutHeader {
    private static final String FIRST = "session-publish 1";
    private static final String LAST = "end header";
    private static final String REFUSED = "refused";
    private static final int MAX_BYTES = 256 * 1024;
    /** One object more than the limit, to detect that the limit is exceeded. */
    private static final int MAX_LFS_LINES = 2 * 10_001;

    /** The bytes of an LFS object, its place in the set and its transfer. */
    private static final long LFS_OBJECT = 176;

    private static final int MAX_SUBMODULES = 20;
    /** Of one kind. The script writes at most 50. */
    private static final int MAX_LISTED = 64;

    private static final int MAX_LINE = 4 * 1024;
    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z.-]{0,40}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private final Map<String, String> values = new HashMap<>();
    private final List<String> operations = new ArrayList<>();
    private final List<String> locks = new ArrayList<>();
    private final List<Checkout.Subject> newest = new ArrayList<>();
    private final List<String> submodules = new ArrayList<>();
    private final List<String> made = new ArrayList<>();
    private final Set<LfsObject> lfsObjects = new LinkedHashSet<>();
    /** Whose size is still to come. */
    private @Nullable String lfsOid;

    private CheckoutHeader() {}

    /**
     * @param memory that every LFS object is taken from before it is kept
     * @throws RefusedException memory-limit
     * @throws GitProtocolException if the header is invalid
     * @throws EOFException if the input ends before the end mark
     */
    static CheckoutHeader read(InputStream in, MemoryBudget.Share memory) throws IOException, RefusedException {
        CheckoutHeader header = new CheckoutHeader();
        int total = 0;
        int lfsLines = 0;
        @Nullable ObjectId commit = null;
        if (!line(in).equals(FIRST)) {
            throw new GitProtocolException("the header does not start with \"" + FIRST + "\"");
        }
        for (String line = line(in); !line.equals(LAST); line = line(in)) {
            if (line.startsWith("lfs-oid ") || line.startsWith("lfs-size ")) {
                lfsLines++;
            } else {
                total += line.length() + 1;
            }
            if (total > MAX_BYTES || lfsLines > MAX_LFS_LINES) {
                throw new GitProtocolException(
                        "the header exceeds " + MAX_BYTES + " bytes or " + MAX_LFS_LINES / 2 + " LFS objects");
            }
            int space = line.indexOf(' ');
            String key = space < 0 ? line : line.substring(0, space);
            String value = space < 0 ? "" : line.substring(space + 1);
            switch (key) {
                case "operation" -> keep(header.operations, word(value));
                case "lock" -> keep(header.locks, word(value));
                case "commit" -> commit = id(value);
                case "submodule" -> {
                    if (!header.submodules.contains(value)) {
                        keep(header.submodules, value);
                    }
                }
                case "made" -> header.made.add(value);
                case "lfs-oid" -> header.lfsOid(value);
                case "lfs-size" -> header.lfsSize(value, memory);
                case "subject" -> {
                    if (commit == null) {
                        throw new GitProtocolException("the header has a subject without a commit");
                    }
                    keep(header.newest, new Checkout.Subject(commit, value));
                }
                default -> header.put(key, value);
            }
        }
        header.requireNoOid();
        return header;
    }

    private void lfsOid(String value) throws GitProtocolException {
        requireNoOid();
        if (!LfsObject.isOid(value)) {
            throw new GitProtocolException("the header has an invalid LFS object id");
        }
        lfsOid = value;
    }

    private void lfsSize(String value, MemoryBudget.Share memory) throws GitProtocolException, RefusedException {
        if (lfsOid == null) {
            throw new GitProtocolException("the header has the size of an LFS object without its id");
        }
        LfsObject object = new LfsObject(lfsOid, number("lfs-size", value));
        lfsOid = null;
        if (!lfsObjects.contains(object)) {
            memory.take(LFS_OBJECT);
            lfsObjects.add(object);
        }
    }

    private void requireNoOid() throws GitProtocolException {
        if (lfsOid != null) {
            throw new GitProtocolException("the header has the id of an LFS object without its size");
        }
    }

    /** What a lying sandbox lists beyond the script's own limits is not kept. */
    private static <T> void keep(List<T> list, T value) {
        if (list.size() < MAX_LISTED) {
            list.add(value);
        }
    }

    private void put(String key, String value) throws GitProtocolException {
        if (values.size() >= MAX_LISTED && !values.containsKey(key)) {
            return; // no key of the script, which writes fewer
        }
        String before = values.put(key, value);
        if (before != null && !before.equals(value) && !key.equals(REFUSED)) {
            throw new GitProtocolException("the header has conflicting values for " + SafeText.line(key, 40));
        }
    }

    /** The code in the script's {@code refused} line, if it wrote one. */
    Optional<String> refusal() throws GitProtocolException {
        String code = values.get(REFUSED);
        return code == null ? Optional.empty() : Optional.of(word(code));
    }

    MadeCommit made() {
        return new MadeCommit(List.copyOf(made));
    }

    Checkout checkout() throws GitProtocolException {
        return CheckoutBuilder.builder()
                .branch(Optional.ofNullable(values.get("branch")))
                .head(id(require("head")))
                .commit(id(require("new")))
                .tree(id(require("tree")))
                .baseTree(values.containsKey("base-tree") ? Optional.of(id(require("base-tree"))) : Optional.empty())
                .ahead(number("ahead"))
                .behind(number("behind"))
                .commits(number("commits"))
                .changedFiles(number("files"))
                .newest(List.copyOf(newest))
                .contained(values.containsKey("contained"))
                .tracked(values.containsKey("tracked") ? Optional.of(id(require("tracked"))) : Optional.empty())
                .uncommittedFiles(number("uncommitted").orElse(0))
                .operations(List.copyOf(operations))
                .locks(List.copyOf(locks))
                .lfsObjects(List.copyOf(lfsObjects))
                .unpushedSubmodules(
                        submodules.stream().distinct().limit(MAX_SUBMODULES).toList())
                .shallow("true".equals(values.get("shallow")))
                .partial("yes".equals(values.get("partial")))
                .build();
    }

    private String require(String key) throws GitProtocolException {
        String value = values.get(key);
        if (value == null) {
            throw new GitProtocolException("the header lacks the key " + key);
        }
        return value;
    }

    private OptionalLong number(String key) throws GitProtocolException {
        String value = values.get(key);
        if (value == null) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(number(key, value));
    }

    private static long number(String key, String value) throws GitProtocolException {
        if (!NUMBER.matcher(value).matches()) {
            throw new GitProtocolException("the header's value of " + key + " is not a number");
        }
        return Long.parseLong(value);
    }

    private static ObjectId id(String value) throws GitProtocolException {
        if (!ObjectId.isValid(value)) {
            throw new GitProtocolException("the header has an invalid object id");
        }
        ObjectId id = new ObjectId(value);
        if (id.isZero()) {
            throw new GitProtocolException("the header has the zero object id");
        }
        return id;
    }

    private static String word(String value) throws GitProtocolException {
        if (!WORD.matcher(value).matches()) {
            throw new GitProtocolException("the header has an invalid word");
        }
        return value;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the header has no end mark");
            }
            if (line.size() == MAX_LINE) {
                throw new GitProtocolException("a line of the header exceeds " + MAX_LINE + " bytes");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
