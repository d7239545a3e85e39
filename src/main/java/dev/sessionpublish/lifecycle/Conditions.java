package dev.sessionpublish.lifecycle;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Builds the conditions of a status: exactly the wanted ones, in their order. Server-side apply deletes a condition that is
 * left out, so all conditions of a kind are wanted each time. {@code lastTransitionTime} is carried over while the status of
 * the condition stays the same, whatever happens to reason, message and generation; otherwise it is now.
 */
public final class Conditions {
    private final Clock clock;

    public Conditions(Clock clock) {
        this.clock = clock;
    }

    /** The status of a condition. */
    public enum Status {
        TRUE("True"),
        FALSE("False"),
        UNKNOWN("Unknown");

        private final String word;

        Status(String word) {
            this.word = word;
        }

        public static Status of(boolean value) {
            return value ? TRUE : FALSE;
        }
    }

    /**
     * A condition that is wanted.
     *
     * @param reason in CamelCase, at most 1,024 characters, as the API server requires
     * @param message may be empty; at most 32,768 characters
     */
    public record Wanted(String type, Status status, String reason, String message) {
        private static final Pattern REASON = Pattern.compile("[A-Za-z]([A-Za-z0-9_,:]{0,1022}[A-Za-z0-9_])?");
        private static final int LONGEST_MESSAGE = 32768;

        public Wanted {
            if (!REASON.matcher(reason).matches()) {
                throw new IllegalArgumentException("not a condition reason: " + reason);
            }
            if (message.length() > LONGEST_MESSAGE) {
                throw new IllegalArgumentException("the message of condition " + type + " is too long");
            }
        }
    }

    /** @param previous the conditions of the status that is being replaced; null when it has none */
    public List<Condition> merge(
            @Nullable Collection<Condition> previous, List<Wanted> wanted, long observedGeneration) {
        String now = StoredTime.now(clock);
        return wanted.stream()
                .map(each -> new ConditionBuilder()
                        .withType(each.type)
                        .withStatus(each.status.word)
                        .withReason(each.reason)
                        .withMessage(each.message)
                        .withObservedGeneration(observedGeneration)
                        .withLastTransitionTime(since(previous == null ? List.of() : previous, each, now))
                        .build())
                .toList();
    }

    private static String since(Collection<Condition> previous, Wanted wanted, String now) {
        for (Condition each : previous) {
            if (wanted.type.equals(each.getType())
                    && wanted.status.word.equals(each.getStatus())
                    && StoredTime.of(each.getLastTransitionTime()).isPresent()) {
                return each.getLastTransitionTime();
            }
        }
        return now;
    }
}
