package dev.sessionpublish.bench;

import static dev.sessionpublish.bench.Contestant.EXEC;
import static dev.sessionpublish.bench.Contestant.PUSH;
import static dev.sessionpublish.bench.Contestant.SCRIPT;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * One publish at a time, from the creation of the object until a watch shows its end; and in turns with it, in the same
 * checkout, the script and a bare push.
 */
class OnePublishBenchIT extends BenchScenario {
    private static final int COMMITS = 50_000;
    private static final int FILES = 100_000;

    /** Makes the work of a round; returns its branch. */
    private interface Work {
        String make() throws Exception;
    }

    @Test
    void aSmallRepository() throws Exception {
        Sandbox sandbox = Tenant.create(world).awaitProject().sandbox("small");
        BenchReport.write(measure("small", sandbox, sandbox::work, BenchScale.of(30, 100), BenchScale.of(30, 200)));
    }

    @Test
    void aRepositoryOfAHundredThousandFilesAndFiftyThousandCommits() throws Exception {
        Tenant tenant = Tenant.create(world).awaitProject();
        grow(tenant);
        Sandbox sandbox = tenant.sandbox("large");
        CaseReport report = measure("large", sandbox, sandbox::work, BenchScale.of(3, 10), BenchScale.of(9, 50));
        String branch = sandbox.work();
        sandbox.checkout().dirty("many/0/0.txt", "changed").dirty("untracked.txt", "new");
        long started = System.nanoTime();
        ended(publish(sandbox, branch, "  uncommittedChanges: Commit"));
        BenchReport.write(report.with("with two uncommitted files, seconds", seconds(started)));
    }

    @Test
    void aHundredMegabytesOfNewBlobs() throws Exception {
        Sandbox sandbox = Tenant.create(world).awaitProject().sandbox("blobs");
        BenchReport.write(measure("100MB", sandbox, () -> sandbox.work(100), 1, BenchScale.of(3, 11)));
    }

    private static CaseReport measure(String name, Sandbox sandbox, Work work, int warmUp, int rounds)
            throws Exception {
        double first = product(sandbox, work.make());
        for (int n = 1; n < warmUp; n++) {
            product(sandbox, work.make());
        }
        Laps laps = new Laps();
        try (OperatorCost cost = new OperatorCost(world, operator)) {
            for (int n = 0; n < rounds; n++) {
                String branch = work.make();
                laps.add(CaseReport.PRODUCT, cost.during(1, () -> product(sandbox, branch)));
                for (Contestant each : List.of(SCRIPT, PUSH, EXEC)) {
                    String other = work.make();
                    long started = System.nanoTime();
                    each.start(sandbox, other).awaitSuccess();
                    laps.add(each.label(), seconds(started));
                }
            }
            return CaseReport.of(world, name)
                    .with(laps)
                    .with("first publish, seconds", first)
                    .with(cost.end());
        }
    }

    private static double product(Sandbox sandbox, String branch) throws Exception {
        long started = System.nanoTime();
        ended(publish(sandbox, branch));
        return seconds(started);
    }

    /** All files in the first commit, then one changed file in each. */
    private static void grow(Tenant tenant) throws Exception {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (int n = 0; n < COMMITS; n++) {
            stream.writeBytes(("commit refs/heads/main\ncommitter A <a@example.com> " + (1767225600L + n)
                            + " +0000\ndata 4\nMany\n" + (n == 0 ? "from refs/heads/main^0\n" : ""))
                    .getBytes(StandardCharsets.US_ASCII));
            for (int file = n == 0 ? 0 : FILES - 1 - n; file < (n == 0 ? FILES : FILES - n); file++) {
                String content = "file " + file + " in commit " + n + "\n";
                stream.writeBytes(("M 100644 inline many/" + file % 500 + "/" + file + ".txt\ndata " + content.length()
                                + "\n" + content + "\n")
                        .getBytes(StandardCharsets.US_ASCII));
            }
        }
        world.git().git(tenant.repository()).runWith(stream.toByteArray(), "fast-import", "--quiet", "--force");
    }
}
