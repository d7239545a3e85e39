package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;

/**
 * The faults that a pod's annotations ask for, read at each exec: {@code procnode/exec-delay: 2s},
 * {@code procnode/exec-fail: "true"}, {@code procnode/exec-cut-after: 64KiB}.
 *
 * @param cutAfter bytes of stdout after which the connection breaks; -1 for never
 */
record ExecFaults(Duration delay, boolean fail, long cutAfter) {
    static ExecFaults of(JsonNode pod) {
        JsonNode annotations = pod.path("metadata").path("annotations");
        String delay = annotations.path("procnode/exec-delay").asText();
        String cut = annotations.path("procnode/exec-cut-after").asText();
        return new ExecFaults(
                delay.isEmpty() ? Duration.ZERO : Duration.parse("PT" + delay.replaceFirst("(\\d+)ms$", "0.00$1s")),
                annotations.path("procnode/exec-fail").asText().equals("true"),
                cut.isEmpty()
                        ? -1
                        : Quantity.getAmountInBytes(new Quantity(cut.replaceFirst("B$", "")))
                                .longValueExact());
    }
}
