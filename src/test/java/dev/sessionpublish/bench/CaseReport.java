package dev.sessionpublish.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one case in one world.
 *
 * @param contestants by name
 * @param operator absent where none published
 * @param figures further ones by name, with their unit in it
 */
record CaseReport(
        String world,
        String name,
        Map<String, Times> contestants,
        @Nullable Operator operator,
        Map<String, Double> figures) {
    static final String PRODUCT = "product";

    /**
     * Of one contestant, in seconds; 0 where there is none.
     *
     * @param perSecond how many it ends per second when many are started at once
     */
    record Times(int count, double median, double p99, double perSecond) {}

    /**
     * What it cost.
     *
     * @param cpuMillis per publish
     * @param rssMiB at the end
     * @param peakRssMiB the most during the case
     * @param apiRequests per publish, by verb and resource
     * @param forgeRequests per publish, by method and path
     */
    record Operator(
            double cpuMillis,
            long rssMiB,
            long peakRssMiB,
            int threads,
            Map<String, Double> apiRequests,
            Map<String, Double> forgeRequests) {
        static double sum(Map<String, Double> requests) {
            return requests.values().stream().mapToDouble(each -> each).sum();
        }
    }

    static CaseReport of(BenchWorld world, String name) {
        return new CaseReport(world.name(), name, new LinkedHashMap<>(), null, new LinkedHashMap<>());
    }

    CaseReport with(Laps laps) {
        for (String each : laps.contestants()) {
            contestants.put(each, new Times(laps.count(each), laps.median(each), laps.p99(each), 0));
        }
        return this;
    }

    CaseReport with(String contestant, Times times) {
        contestants.put(contestant, times);
        return this;
    }

    CaseReport with(String figure, double value) {
        figures.put(figure, value);
        return this;
    }

    CaseReport with(Operator cost) {
        return new CaseReport(world, name, contestants, cost, figures);
    }

    /** The time of one divided by that of another, or its rate where they have one; NaN where either has none. */
    double ratio(String contestant, String other) {
        Times one = contestants.get(contestant);
        Times two = contestants.get(other);
        if (one == null || two == null) {
            return Double.NaN;
        }
        return one.perSecond() > 0 ? one.perSecond() / two.perSecond() : one.median() / two.median();
    }

    List<String> others() {
        List<String> others = new ArrayList<>(contestants.keySet());
        others.remove(PRODUCT);
        return others;
    }
}
