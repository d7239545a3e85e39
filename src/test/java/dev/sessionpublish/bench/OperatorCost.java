package dev.sessionpublish.bench;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.embedded.GitHubExchange;
import dev.sessionpublish.embedded.LoggedRequest;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** What publishes cost: processor time, memory and threads of the operator's process, and requests where they arrive. */
final class OperatorCost implements AutoCloseable {
    private static final long MIB = 1 << 20;

    private final BenchWorld world;
    private final PackagedOperator operator;
    private final int gitFrom;
    private final int gitHubFrom;
    private final AtomicInteger threads = new AtomicInteger();
    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor();
    private long cpuMillis;
    private int publishes;

    /** Counts from now on. */
    OperatorCost(BenchWorld world, PackagedOperator operator) throws IOException {
        this.world = world;
        this.operator = operator;
        world.forgetApiRequests();
        operator.forgetPeakMemory();
        gitFrom = world.git().requests().size();
        gitHubFrom = world.gitHub().exchanges().size();
        sampler.scheduleAtFixedRate(this::sample, 0, 100, TimeUnit.MILLISECONDS);
    }

    private void sample() {
        try {
            threads.accumulateAndGet(operator.threads(), Math::max);
        } catch (IOException e) {
            // It has ended: whoever waits for its work says so.
        }
    }

    /** What publishes, whose processor time is counted. */
    interface Publishing<T> {
        T run() throws Exception;
    }

    /** @param count of publishes */
    <T> T during(int count, Publishing<T> publishing) throws Exception {
        long before = operator.processorTime().toMillis();
        T result = publishing.run();
        cpuMillis += operator.processorTime().toMillis() - before;
        publishes += count;
        return result;
    }

    /** Stops counting. */
    CaseReport.Operator end() throws IOException {
        close();
        assertThat(operator.isAlive()).as("the operator: %s", operator.log()).isTrue();
        return new CaseReport.Operator(
                (double) cpuMillis / publishes,
                operator.residentMemory() / MIB,
                operator.peakMemory() / MIB,
                threads.get(),
                perPublish(world.apiRequests()),
                perPublish(forgeRequests()));
    }

    private Map<String, Double> perPublish(Map<String, Long> counts) {
        Map<String, Double> shares = new TreeMap<>();
        counts.forEach((kind, count) -> shares.put(kind, Math.round(100.0 * count / publishes) / 100.0));
        return shares;
    }

    /** Without those of the other contestants' git and curl. */
    private Map<String, Long> forgeRequests() {
        Stream<String> git = world.git().requests().stream()
                .skip(gitFrom)
                .filter(request -> isOfOperator(request.header("user-agent")))
                .map(OperatorCost::kind);
        Stream<String> gitHub = world.gitHub().exchanges().stream()
                .skip(gitHubFrom)
                .filter(exchange -> isOfOperator(exchange.header("user-agent")))
                .map(OperatorCost::kind);
        return Stream.concat(git, gitHub).collect(groupingBy(kind -> kind, TreeMap::new, counting()));
    }

    private static boolean isOfOperator(Optional<String> userAgent) {
        return userAgent
                .filter(agent -> agent.startsWith("git/2.") || agent.startsWith("curl/"))
                .isEmpty();
    }

    private static String kind(LoggedRequest request) {
        return request.method() + " " + request.path().replaceFirst(".*\\.git/", "");
    }

    private static String kind(GitHubExchange exchange) {
        String path = exchange.path().replaceFirst("^/repos/[^/]+/[^/]+", "").replaceAll("[0-9]+", "N");
        return exchange.method() + " " + (path.isEmpty() ? "repository" : path.substring(1));
    }

    @Override
    public void close() {
        sampler.shutdownNow();
    }
}
