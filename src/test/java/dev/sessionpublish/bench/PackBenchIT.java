package dev.sessionpublish.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.git.PushReason;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What the size of a pack costs: time in proportion, and no memory. */
class PackBenchIT extends BenchScenario {
    private static final long MIB = 1 << 20;
    private static final List<Integer> SIZES = BenchScale.LONG ? List.of(1, 16, 128, 512, 2016) : List.of(1, 16, 128);
    /** What the heap may differ by from one collection to the next. */
    private static final long FLAT = 64 * MIB;

    @Test
    void memoryIsFlatFromOneMebibyteOn() throws Exception {
        Sandbox sandbox = Tenant.create(world).awaitProject().sandbox("packs");
        sandbox.checkout().config("core.compression", "0");
        for (int n = 0; n < BenchScale.of(20, 100); n++) {
            ended(publish(sandbox, sandbox.work()));
        }
        CaseReport report = CaseReport.of(world, "packs");
        ended(publish(sandbox, sandbox.work(SIZES.get(1))));
        long smallest = 0;
        for (int size : SIZES) {
            String branch = sandbox.work(size);
            operator.forgetPeakMemory();
            long started = System.nanoTime();
            SessionPublish pushed = ended(publish(sandbox, branch));
            double product = seconds(started);
            long peak = operator.peakMemory();
            assertThat(pushed.getStatus().push().bytes()).isGreaterThan(size * MIB);

            String other = sandbox.work(size);
            started = System.nanoTime();
            Contestant.PUSH.start(sandbox, other).awaitSuccess();
            double push = seconds(started);

            String prefix = size + " MiB: ";
            report.with(prefix + "peak RSS, MiB", peak / (double) MIB)
                    .with(prefix + "MiB per second", size / product)
                    .with(prefix + "MiB per second by git push", size / push);
            smallest = smallest == 0 ? peak : smallest;
            assertThat(peak).as("peak RSS with a pack of %d MiB", size).isLessThan(smallest + FLAT);
        }
        BenchReport.write(report);
    }

    @Test
    @EnabledIfSystemProperty(named = "bench", matches = "long")
    void aPackOverTheLimitIsRefused() throws Exception {
        Sandbox sandbox = Tenant.create(world).awaitProject().sandbox("over");
        sandbox.checkout().config("core.compression", "0");
        String branch = sandbox.work(2080);
        long started = System.nanoTime();
        SessionPublish refused = publish(sandbox, branch).get(10, TimeUnit.MINUTES);
        assertThat(refused.getStatus().reason()).isEqualTo(PushReason.PACK_TOO_LARGE.code());
        assertThat(world.git().tip(sandbox.tenant().repository(), branch)).isEmpty();
        BenchReport.write(CaseReport.of(world, "pack-too-large").with("2080 MiB: refused, seconds", seconds(started)));
    }
}
