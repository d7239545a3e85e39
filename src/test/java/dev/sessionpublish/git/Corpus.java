package dev.sessionpublish.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.sessionpublish.outcome.RefusedException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;

/** The cases of src/test/resources/git/corpus, whose README says how they are written. */
public final class Corpus {
    private static final int MUTATIONS = 500;

    /** Reads bytes and tells in a word what they are. */
    @FunctionalInterface
    public interface Parser {
        String parse(byte[] input) throws IOException, RefusedException;
    }

    private record Case(String why, String outcome, String input) {}

    private Corpus() {}

    /** Every case of a file as a test of its own. */
    public static Stream<DynamicTest> cases(String file, Parser parser) {
        List<Case> cases = read(file + ".cases");
        assertThat(cases).as(file).hasSizeGreaterThan(5);
        return cases.stream()
                .map(each -> DynamicTest.dynamicTest(file + ": " + each.why(), () -> {
                    byte[] input = bytes(each.input());
                    assertThat(outcome(parser, input)).isEqualTo(text(bytes(each.outcome())));
                    Random random = new Random(each.why().hashCode());
                    Assertions.assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
                        for (int n = 0; n < MUTATIONS && input.length < 100_000; n++) {
                            assertThat(outcome(parser, GitBytes.mutated(input, random)))
                                    .isNotNull();
                        }
                    });
                }));
    }

    private static String outcome(Parser parser, byte[] input) {
        try {
            return parser.parse(input);
        } catch (GitProtocolException e) {
            return "protocol";
        } catch (EOFException e) {
            return "cut";
        } catch (RefusedException e) {
            return "refused " + e.reason().code();
        } catch (IOException | RuntimeException e) {
            return fail("ended with " + e, e);
        }
    }

    private static List<Case> read(String file) {
        try (InputStream in = Corpus.class.getResourceAsStream("/git/corpus/" + file)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            List<Case> cases = new ArrayList<>();
            List<String> lines = text.lines().toList();
            for (int at = 0; at < lines.size(); at++) {
                if (lines.get(at).startsWith("# ")) {
                    String input = at + 2 < lines.size() ? lines.get(at + 2) : "";
                    cases.add(new Case(lines.get(at).substring(2), lines.get(at + 1), input));
                    at += 2;
                }
            }
            return cases;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String written) {
        int[] at = {0};
        byte[] bytes = until(written, at, "");
        assertThat(at[0]).as("where %s ends", written).isEqualTo(written.length());
        return bytes;
    }

    /** @param end what ends the part: {@code )}, {@code \]} or the end of the text */
    private static byte[] until(String written, int[] at, String end) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (at[0] < written.length()) {
            if (!end.isEmpty() && written.startsWith(end, at[0])) {
                at[0] += end.length();
                return out.toByteArray();
            }
            int c = written.codePointAt(at[0]);
            at[0] += Character.charCount(c);
            if (c != '\\') {
                out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            char escape = written.charAt(at[0]++);
            switch (escape) {
                case 'n' -> out.write('\n');
                case 'r' -> out.write('\r');
                case 't' -> out.write('\t');
                case '0' -> out.write(0);
                case '\\' -> out.write('\\');
                case 'x' -> out.write(hex(written, at, 2));
                case 'u' ->
                    out.writeBytes(Character.toString(hex(written, at, 4)).getBytes(StandardCharsets.UTF_8));
                case '[' -> out.writeBytes(PktLines.encode(until(written, at, "\\]")));
                case '*' -> {
                    int open = written.indexOf('(', at[0]);
                    int times = Integer.parseInt(written.substring(at[0], open));
                    at[0] = open + 1;
                    byte[] part = until(written, at, ")");
                    for (int n = 0; n < times; n++) {
                        out.writeBytes(part);
                    }
                }
                default -> throw new IllegalArgumentException("\\" + escape + " in " + written);
            }
        }
        assertThat(end).as("what %s lacks", written).isEmpty();
        return out.toByteArray();
    }

    private static int hex(String written, int[] at, int digits) {
        int value = Integer.parseInt(written.substring(at[0], at[0] + digits), 16);
        at[0] += digits;
        return value;
    }
}
