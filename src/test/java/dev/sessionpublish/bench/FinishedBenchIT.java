package dev.sessionpublish.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.embedded.FinishedPublishes;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What publishes that have ended cost: a restart, the memory, requests while there is nothing to do. */
class FinishedBenchIT extends BenchScenario {
    private static final int FINISHED = 10_000;
    private static final int STARTS = 2;
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Test
    void tenThousandFinishedPublishes() throws Exception {
        Sandbox sandbox = Tenant.create(world).awaitProject().sandbox("finished");
        String name = ended(publish(sandbox, sandbox.work())).getMetadata().getName();
        operator.close();
        CaseReport report = CaseReport.of(world, "finished");
        double one = measure(1, report);
        for (int from = 1; from < FINISHED; from += 1_000) {
            FinishedPublishes.copy(
                    world.client(), sandbox.tenant().namespace(), name, from, Math.min(from + 1_000, FINISHED));
            world.forgetApiRequests();
        }
        double all = measure(FINISHED, report);
        report.with("per further object, KiB of RSS", (all - one) * 1024 / FINISHED);
        BenchReport.write(report);
    }

    /** Restarts; returns the resident memory while idle, in MiB. */
    private static double measure(int publishes, CaseReport report) throws Exception {
        String figure = publishes + " finished: ";
        for (int n = 1; n < STARTS; n++) {
            try (PackagedOperator earlier = launch(world.operatorEnvironment())) {
                earlier.awaitLine(READY);
            }
        }
        int forge = forgeRequests();
        world.forgetApiRequests();
        long started = System.nanoTime();
        try (PackagedOperator restarted = launch(world.operatorEnvironment())) {
            restarted.awaitLine(READY);
            report.with(figure + "ready after a restart, seconds", seconds(started));
            awaitRest(restarted);
            report.with(
                    figure + "CPU until idle, seconds",
                    restarted.processorTime().toMillis() / 1e3);
            report.with(figure + "requests to the API server until idle", requests());
            world.forgetApiRequests();
            await().pollDelay(IDLE).atMost(PATIENCE).until(() -> true);
            double memory = restarted.residentMemory() / (double) (1 << 20);
            report.with(figure + "RSS while idle, MiB", memory);
            report.with(figure + "peak RSS, MiB", restarted.peakMemory() / (double) (1 << 20));
            report.with(figure + "requests while idle besides watches and the Lease", requests());
            assertThat(forgeRequests() - forge).as("requests to the forge").isZero();
            return memory;
        }
    }

    /** Returns when the process has used next to no processor time for three seconds. */
    private static void awaitRest(PackagedOperator process) {
        Duration[] last = {Duration.ZERO};
        await().pollInterval(Duration.ofSeconds(3)).atMost(PATIENCE).until(() -> {
            Duration now = process.processorTime();
            boolean resting = now.minus(last[0]).toMillis() <= 100;
            last[0] = now;
            return resting;
        });
    }

    private static long requests() throws Exception {
        return world.apiRequests().entrySet().stream()
                .filter(each -> !isAllowedWhileIdle(each))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static boolean isAllowedWhileIdle(Map.Entry<String, Long> kind) {
        return kind.getKey().startsWith("watch ") || kind.getKey().endsWith(" leases");
    }

    private static int forgeRequests() {
        return world.git().requests().size() + world.gitHub().exchanges().size();
    }
}
