package dev.sessionpublish.git;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sessionpublish.outcome.Redactor;
import dev.sessionpublish.outcome.RefusedException;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What was found, or is worth keeping, of inputs to the parsers of this package. */
class CorpusTest {
    private static final String REF = "refs/heads/agent/fix";

    @TestFactory
    Stream<DynamicTest> pktLines() {
        return Corpus.cases("pkt-line", CorpusTest::pktLine);
    }

    private static String pktLine(byte[] input) throws IOException {
        PktLines lines = new PktLines(GitBytes.stream(input));
        StringJoiner read = new StringJoiner(" ");
        try {
            while (true) {
                Optional<byte[]> line = lines.next();
                read.add(line.map(bytes -> "\"" + new String(bytes, UTF_8) + "\"")
                        .orElse("flush"));
            }
        } catch (EOFException e) {
            return read.add("cut").toString();
        }
    }

    @TestFactory
    Stream<DynamicTest> advertisements() {
        return Corpus.cases("advertisement", input -> {
            Advertisement read = Advertisement.read(GitBytes.stream(input), GitBytes.memory());
            int branches = 0;
            for (String name : List.of("main", "\uFFFD\uFFFD")) {
                branches += read.branch(name).isPresent() ? 1 : 0;
            }
            return "format " + read.objectFormat().gitName() + ", branches " + branches + ", tips "
                    + read.tips(100).size();
        });
    }

    @TestFactory
    Stream<DynamicTest> reports() {
        return Corpus.cases("report", input -> told(PushReport.read(GitBytes.stream(input), false, REF)));
    }

    @TestFactory
    Stream<DynamicTest> reportsInSideBands() {
        return Corpus.cases("report-in-side-bands", input -> {
            try {
                return told(PushReport.read(GitBytes.stream(input), true, REF));
            } catch (PushReport.RemoteErrorException e) {
                return "error " + e.getMessage();
            }
        });
    }

    private static String told(PushReport report) throws RefusedException {
        if (report.isAccepted()) {
            return "accepted";
        }
        return new PushRefusal(Redactor.NONE, "forge.example.com").answer(report) instanceof PushAnswer.ObjectsMissing
                ? "objects-missing"
                : "unsettled";
    }

    @TestFactory
    Stream<DynamicTest> chains() {
        return Corpus.cases("chain", input -> CommitChain.read(
                        GitBytes.stream(input),
                        new ObjectId("2".repeat(40)),
                        new ObjectId("1".repeat(40)),
                        GitBytes.memory())
                .name());
    }

    @TestFactory
    Stream<DynamicTest> urls() {
        return Corpus.cases(
                "url", input -> RepositoryUrl.parse(new String(input, UTF_8)).web());
    }

    @TestFactory
    Stream<DynamicTest> branches() {
        return Corpus.cases("branch", input -> {
            String name = new String(input, UTF_8);
            BranchPatterns.of(List.of(name));
            return BranchName.problem(name).isPresent()
                    ? "none"
                    : BranchName.of(name).value();
        });
    }
}
