package dev.sessionpublish.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How long each contestant took, in seconds, round by round. */
final class Laps {
    private final Map<String, List<Double>> laps = new LinkedHashMap<>();

    synchronized void add(String contestant, double seconds) {
        laps.computeIfAbsent(contestant, any -> new ArrayList<>()).add(seconds);
    }

    Set<String> contestants() {
        return laps.keySet();
    }

    int count(String contestant) {
        return laps.get(contestant).size();
    }

    double median(String contestant) {
        return quantile(contestant, 0.5);
    }

    /** The slowest one where there are fewer than a hundred. */
    double p99(String contestant) {
        return quantile(contestant, 0.99);
    }

    private double quantile(String contestant, double share) {
        List<Double> sorted = laps.get(contestant).stream().sorted().toList();
        return sorted.get((int) Math.min(sorted.size() - 1L, (long) Math.floor(share * sorted.size())));
    }
}
