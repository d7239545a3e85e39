package dev.sessionpublish.bench;

import static dev.sessionpublish.bench.Contestant.PUSH_AND_POST;
import static dev.sessionpublish.bench.Contestant.SCRIPT;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Many sandboxes that publish at the same moment, and as many scripts and pushes. */
class ManyAtOnceBenchIT extends BenchScenario {
    private static final int PER_NAMESPACE = 25;
    private static final long PATIENCE_MINUTES = 10;
    private static final List<Sandbox> SANDBOXES = new ArrayList<>();

    @Test
    void fifty() throws Exception {
        measure("50-at-once", 50, BenchScale.of(3, 10));
    }

    @Test
    void twoHundred() throws Exception {
        measure("200-at-once", 200, BenchScale.of(1, 5));
    }

    private static void grow(int sandboxes) throws Exception {
        List<Tenant> tenants = new ArrayList<>();
        for (int n = SANDBOXES.size(); n < sandboxes; n += PER_NAMESPACE) {
            tenants.add(Tenant.create(world));
        }
        for (Tenant tenant : tenants) {
            tenant.awaitProject();
            for (int n = 0; n < PER_NAMESPACE; n++) {
                SANDBOXES.add(tenant.sandbox("s" + n));
            }
        }
    }

    private static void measure(String name, int count, int rounds) throws Exception {
        grow(count);
        for (int n = 0; n < BenchScale.of(3, 6); n++) {
            product(50, new Laps());
        }
        Laps laps = new Laps();
        double[] seconds = new double[3];
        try (OperatorCost cost = new OperatorCost(world, operator)) {
            for (int n = 0; n < rounds; n++) {
                seconds[0] += cost.during(count, () -> product(count, laps));
                seconds[1] += processes(SCRIPT, count, laps);
                seconds[2] += processes(PUSH_AND_POST, count, laps);
            }
            CaseReport report = CaseReport.of(world, name);
            List<String> contestants = List.of(CaseReport.PRODUCT, SCRIPT.label(), PUSH_AND_POST.label());
            for (int each = 0; each < seconds.length; each++) {
                String contestant = contestants.get(each);
                report.with(
                        contestant,
                        new CaseReport.Times(
                                laps.count(contestant),
                                laps.median(contestant),
                                laps.p99(contestant),
                                count * rounds / seconds[each]));
            }
            BenchReport.write(report.with(cost.end()));
        }
    }

    /** The seconds from the first start to the last end. */
    private static double product(int count, Laps laps) throws Exception {
        List<String> branches = work(count);
        long started = System.nanoTime();
        List<Future<CompletableFuture<SessionPublish>>> created = new ArrayList<>();
        ExecutorService clients = Executors.newFixedThreadPool(8);
        for (int n = 0; n < count; n++) {
            Sandbox sandbox = SANDBOXES.get(n);
            String branch = branches.get(n);
            created.add(clients.submit(() -> {
                long own = System.nanoTime();
                CompletableFuture<SessionPublish> end = publish(sandbox, branch);
                end.thenRun(() -> laps.add(CaseReport.PRODUCT, seconds(own)));
                return end;
            }));
        }
        for (Future<CompletableFuture<SessionPublish>> each : created) {
            ended(each.get(1, TimeUnit.MINUTES));
        }
        clients.shutdown();
        return seconds(started);
    }

    private static double processes(Contestant contestant, int count, Laps laps) throws Exception {
        List<String> branches = work(count);
        long started = System.nanoTime();
        List<Contestant.Run> runs = new ArrayList<>();
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            Contestant.Run run = contestant.start(SANDBOXES.get(n), branches.get(n));
            long own = System.nanoTime();
            ends.add(run.process().onExit().thenRun(() -> laps.add(contestant.label(), seconds(own))));
            runs.add(run);
        }
        CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).get(PATIENCE_MINUTES, TimeUnit.MINUTES);
        double seconds = seconds(started);
        for (Contestant.Run run : runs) {
            run.awaitSuccess();
        }
        return seconds;
    }

    private static List<String> work(int count) throws Exception {
        List<Callable<String>> work = new ArrayList<>();
        SANDBOXES.subList(0, count).forEach(each -> work.add(each::work));
        ExecutorService hands = Executors.newFixedThreadPool(4);
        List<String> branches = new ArrayList<>();
        for (Future<String> each : hands.invokeAll(work)) {
            branches.add(each.get());
        }
        hands.shutdown();
        return branches;
    }
}
