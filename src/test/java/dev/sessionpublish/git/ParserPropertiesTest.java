package dev.sessionpublish.git;

import static dev.sessionpublish.git.GitBytes.band;
import static dev.sessionpublish.git.GitBytes.bytes;
import static dev.sessionpublish.git.GitBytes.join;
import static dev.sessionpublish.git.GitBytes.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.sessionpublish.outcome.Redactor;
import dev.sessionpublish.outcome.RefusedException;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whatever bytes come in, a parser ends, and with its result or one of its own exceptions. Seeds are fixed. */
class ParserPropertiesTest {
    private static final int RUNS = 20_000;
    private static final String REF = "refs/heads/agent/fix";

    private interface Parser {
        void parse(byte[] bytes) throws IOException, RefusedException;
    }

    @TestFactory
    List<DynamicTest> everyParserEndsAsItSays() {
        byte[] report = join(lines("unpack ok\n", "ng " + REF + " hook declined\n"), bytes("0000"));
        byte[] pack = PackTest.pack(400, ObjectFormat.SHA1);
        String commit = "tree " + GitBytes.ID + "\nparent " + GitBytes.OTHER + "\nauthor a <a@b> 1 +0000\n\nx\n";
        byte[] chain = bytes(GitBytes.ID + " commit " + commit.length() + "\n" + commit + "\nend chain\n");
        return List.of(
                property(
                        "advertisement",
                        GitBytes.advertisement(
                                GitBytes.ID + " refs/heads/main\0 report-status object-format=sha1\n",
                                GitBytes.OTHER + " refs/heads/a/b\n",
                                GitBytes.OTHER + " .have\n"),
                        bad -> {
                            Advertisement read = Advertisement.read(GitBytes.stream(bad), GitBytes.memory());
                            read.objectFormat();
                            read.tips(10, "main")
                                    .forEach(tip -> assertThat(tip.isZero()).isFalse());
                            read.conflictWith("main/x");
                        }),
                property("report", report, bad -> explain(PushReport.read(GitBytes.stream(bad), false, REF))),
                property(
                        "report in side bands",
                        join(band(2, bytes("hello\n")), band(1, report), bytes("0000")),
                        bad -> {
                            try {
                                explain(PushReport.read(GitBytes.stream(bad), true, REF));
                            } catch (PushReport.RemoteErrorException e) {
                                assertThat(e.messages()).isNotNull();
                            }
                        }),
                property("pack", pack, bad -> {
                    byte[] through = new Pack(GitBytes.stream(bad), ObjectFormat.SHA1, 100_000).readAllBytes();
                    assertThat(through).isEqualTo(bad).isEqualTo(pack);
                }),
                property("chain of commits", chain, bad -> assertThat(CommitChain.read(
                                GitBytes.stream(bad),
                                new ObjectId(GitBytes.OTHER),
                                new ObjectId(GitBytes.ID),
                                GitBytes.memory()))
                        .isNotEqualTo(CommitChain.Verdict.DESCENDS)));
    }

    private static void explain(PushReport report) throws RefusedException {
        if (!report.isAccepted()) {
            new PushRefusal(Redactor.NONE, "forge.example.com").answer(report);
        }
    }

    private static DynamicTest property(String name, byte[] good, Parser parser) {
        return DynamicTest.dynamicTest(name, () -> {
            Random random = new Random(name.hashCode());
            Assertions.assertTimeoutPreemptively(Duration.ofMinutes(2), () -> {
                for (int run = 0; run < RUNS; run++) {
                    byte[] bad = run % 4 == 0 ? noise(random) : GitBytes.mutated(good, random);
                    attempt(parser, bad, name + " " + run);
                }
            });
        });
    }

    private static byte[] noise(Random random) {
        byte[] noise = new byte[random.nextInt(300)];
        random.nextBytes(noise);
        return noise;
    }

    private static void attempt(Parser parser, byte[] bad, String which) {
        try {
            parser.parse(bad);
        } catch (GitProtocolException | EOFException | RefusedException e) {
            assertThat(e.getMessage()).as(which).isNotBlank();
        } catch (IOException | RuntimeException e) {
            fail(which + " ended with " + e, e);
        }
    }
}
