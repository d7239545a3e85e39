package dev.sessionpublish.lifecycle;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Builds the conditions of a status. What is built holds exactly the wanted ones, in their order, because a condition
 * left out of a server-side apply is deleted: want all of a kind's conditions, each time. {@code lastTransitionTime} is
 * carried over from the condition of the same type as long as the status stays the same, whatever happens to reason,
 * message and generation; else it is now, in whole seconds of UTC.
 */
public final class Conditions {
    private final Clock clock;

    public Conditions(Clock clock) {
        this.clock = clock;
    }

    /** What a condition can say. */
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
     * A condition as it shall be.
     *
     * @param reason in CamelCase, at most 1,024 characters; the API server refuses others, so does this
     * @param message may be empty; at most 32,768 characters
     */
    public record Wanted(String type, Status status, String reason, String message) {
        private static final Pattern REASON = Pattern.compile("[A-Za-z]([A-Za-z0-9_,:]{0,1022}[A-Za-z0-9_])?");
        private static final int LONGEST_MESSAGE = 32768;

        public Wanted {
            if (!REASON.matcher(reason).matches()) {
                throw new IllegalArgumentException("no reason of a condition: " + reason);
            }
            if (message.length() > LONGEST_MESSAGE) {
                throw new IllegalArgumentException("the message of condition " + type + " is too long");
            }
        }
    }

    /** @param previous the conditions of the status that is replaced; null when it has none */
    public List<Condition> merge(
            @Nullable Collection<Condition> previous, List<Wanted> wanted, long observedGeneration) {
        String now = Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString();
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
