package dev.sessionpublish.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sessionpublish.outcome.HostileText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BranchNameTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "main",
                "feature/x",
                "a/b/c",
                "fix-1",
                "a-",
                "_",
                "1",
                "a@b",
                "@x",
                "x@",
                "head",
                "HEADS",
                "x.lock.y",
                "refs",
                "refs/tags/x",
                "ünïcode/日本",
                "e\u0301",
                "é",
                "😀",
                "$(reboot)",
                "a;b|c&d",
                "a'b\"c`d",
                "a%2Fb",
                "#1",
                "a{b}",
                "a!b",
                "(x)",
                "a=b",
                "a,b",
                "<x>",
                "0123456789abcdef0123456789abcdef0123456"
            })
    void whatGitAllowsIsKeptByteForByte(String name) {
        assertThat(BranchName.problem(name)).isEmpty();
        assertThat(BranchName.of(name).value()).isEqualTo(name);
        assertThat(BranchName.of(name).ref()).isEqualTo("refs/heads/" + name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "''|is empty",
                "/a|slash",
                "a/|slash",
                "a//b|slash",
                "a..b|two dots",
                "a@{b|\"@{\"",
                "a.|ends with a dot",
                ".a|starts with a dot",
                "a/.b|starts with a dot",
                "a.lock|\".lock\"",
                "a.lock/b|\".lock\"",
                "a b|a space",
                "a~b|\"~\"",
                "a^b|\"^\"",
                "a:b|\":\"",
                "a?b|\"?\"",
                "a*b|\"*\"",
                "a[b|\"[\"",
                "a\\b|\"\\\"",
                "-a|starts with \"-\"",
                "--force|starts with \"-\"",
                "refs/heads/main|remove this prefix",
                "HEAD|current commit",
                "@|current commit",
                "0123456789abcdef0123456789ABCDEF01234567|commit id",
            })
    void aWrongNameIsToldWhatIsWrong(String name, String part) {
        assertThat(BranchName.problem(name))
                .hasValueSatisfying(sentence ->
                        assertThat(sentence).startsWith("the branch name ").contains(part));
        assertThatThrownBy(() -> BranchName.of(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(BranchName.problem(name).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x09, 0x0A, 0x1B, 0x7F, 0x85, 0xAD, 0x200B, 0x200D, 0x202E, 0x2066, 0x2028, 0xFEFF, 0xFE0F,
                0x3164, 0xE0041, 0xFFFF, 0xD83D, 0xDE00
            })
    void whatCannotBeSeenOrIsNoUnicodeIsRefused(int codePoint) {
        String name = codePoint < 0x10000 ? "a" + (char) codePoint + "b" : "a" + Character.toString(codePoint) + "b";
        assertThat(BranchName.problem(name)).isPresent();
    }

    @Test
    void theLimitIsInBytesOfUtf8() {
        assertThat(BranchName.problem("a".repeat(244))).isEmpty();
        assertThat(BranchName.problem("a".repeat(245)))
                .hasValueSatisfying(s -> assertThat(s).contains("245", "244"));
        assertThat(BranchName.problem("é".repeat(122))).isEmpty();
        assertThat(BranchName.problem("é".repeat(122) + "a")).isPresent();
    }

    @Test
    void gitAgreesOnThousandsOfNames(@TempDir Path dir) throws Exception {
        Random random = new Random(11);
        String alphabet = "ab/.@{}~^: ?*[\\-_k\u0001\u007Fé\n\t";
        Stream<String> dense = IntStream.range(0, 1_500).mapToObj(i -> {
            StringBuilder name = new StringBuilder();
            for (int n = random.nextInt(6); n >= 0; n--) {
                name.append(random.nextInt(5) == 0 ? ".lock" : alphabet.charAt(random.nextInt(alphabet.length())));
            }
            return name.toString();
        });
        List<String> names = Stream.of(
                        dense,
                        HostileText.texts(12, 1_000),
                        HostileText.mutations("feature/some-thing.x", 13, 1_000),
                        Stream.of("", "@", "HEAD", "-", "-a", "a".repeat(300)))
                .flatMap(each -> each)
                .filter(BranchNameTest::canBeAnArgument)
                .distinct()
                .toList();

        List<Boolean> verdicts = gitsVerdicts(names, dir);

        assertThat(names.size()).isGreaterThan(2_500);
        assertThat(verdicts).contains(true).contains(false);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            assertThat(BranchName.gitsProblem(name).isEmpty())
                    .as("\"%s\"", name)
                    .isEqualTo(verdicts.get(i));
            if (BranchName.problem(name).isEmpty()) {
                assertThat(verdicts.get(i)).as("\"%s\"", name).isTrue();
            }
        }
    }

    @Test
    void anyTextIsEitherANameOrASentence() {
        Stream.concat(HostileText.texts(14, 20_000), HostileText.mutations("session/fix-the-thing", 15, 20_000))
                .forEach(text -> {
                    var problem = BranchName.problem(text);
                    if (problem.isEmpty()) {
                        assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, BranchName.MAX_BYTES);
                    } else {
                        assertThat(problem.get()).matches("the branch name [ -~]{1,100}");
                    }
                });
    }

    private static boolean canBeAnArgument(String name) {
        return name.indexOf('\0') < 0
                && name.equals(new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }

    private static List<Boolean> gitsVerdicts(List<String> names, Path dir) throws IOException, InterruptedException {
        Path input = dir.resolve("names");
        Path output = dir.resolve("verdicts");
        Files.writeString(input, String.join("\0", names) + "\0");
        Process process = new ProcessBuilder(
                        "xargs",
                        "-0",
                        "-n",
                        "200",
                        "sh",
                        "-c",
                        "for n; do if git check-ref-format \"refs/heads/$n\"; then echo yes; else echo no; fi; done",
                        "sh")
                .redirectInput(input.toFile())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.waitFor()).isZero();
        List<Boolean> verdicts =
                Files.readAllLines(output).stream().map("yes"::equals).toList();
        assertThat(verdicts).hasSameSizeAs(names);
        return verdicts;
    }
}
