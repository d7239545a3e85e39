package dev.sessionpublish.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sessionpublish.git.GitProtocolException;
import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MadeCommitTest {
    private static final String HEAD = "a".repeat(40);
    private static final String TREE = "c".repeat(40);
    private static final String OTHER = "b".repeat(40);

    private static List<String> lines(String tree, String... parents) {
        StringBuilder text = new StringBuilder("tree " + tree + "\n");
        for (String parent : parents) {
            text.append("parent ").append(parent).append('\n');
        }
        return text.append("author Żółw <a@example.com> 1 +0000\ncommitter Żółw <a@example.com> 1 +0000\n\nUncommitted")
                .toString()
                .lines()
                .toList();
    }

    private static String id(List<String> lines) throws Exception {
        byte[] text = (String.join("\n", lines) + "\n").getBytes(UTF_8);
        MessageDigest digest = MessageDigest.getInstance("SHA-1");
        digest.update(("commit " + text.length + "\0").getBytes(UTF_8));
        return HexFormat.of().formatHex(digest.digest(text));
    }

    /** Reads the header of a checkout with this commit, and checks it. */
    private static void check(List<String> made, String commit) throws Exception {
        StringBuilder text = new StringBuilder("session-publish 1\n");
        made.forEach(line -> text.append("made ").append(line).append('\n'));
        text.append("head " + HEAD + "\nnew " + commit + "\ntree " + TREE + "\nend header\n");
        CheckoutHeader header =
                HeaderBytes.read(new ByteArrayInputStream(text.toString().getBytes(UTF_8)));
        header.made().requireOnHead(header.checkout());
    }

    private static void refused(List<String> made, String commit) {
        assertThatThrownBy(() -> check(made, commit)).isInstanceOf(GitProtocolException.class);
    }

    @Test
    void aCommitOnHeadIsTaken() throws Exception {
        List<String> made = lines(TREE, HEAD);

        assertThatCode(() -> check(made, id(made))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {OTHER_ALONE, OTHER_SECOND, OTHER_FIRST, ""})
    void headIsTheOnlyParent(String parents) throws Exception {
        List<String> made = lines(TREE, parents.isEmpty() ? new String[0] : parents.split(" "));

        refused(made, id(made));
    }

    private static final String OTHER_ALONE = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private static final String OTHER_SECOND = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa " + OTHER_ALONE;
    private static final String OTHER_FIRST = OTHER_ALONE + " aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    @Test
    void theTreeIsTheOneThatWasReported() throws Exception {
        List<String> made = lines(OTHER, HEAD);

        refused(made, id(made));
    }

    @Test
    void theTextIsTheOneOfTheId() {
        refused(lines(TREE, HEAD), OTHER);
        refused(List.of(), OTHER);
    }
}
