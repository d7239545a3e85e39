package dev.sessionpublish.outcome;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Why a resource is not in the state that its spec asks for. Each package has an enum of the reasons that it finds first;
 * what several kinds share is {@link SharedReason}. The {@link #code} is stable: users and dashboards match on it.
 * docs/reasons.md is the table of all reasons.
 */
public interface Reason {
    /**
     * What a reason says.
     *
     * @param when what happened, in one plain sentence; the message of the outcome has the details
     * @param remedy what the user does about it, in plain sentences without markup
     */
    record Meaning(ReasonGroup group, RetryClass retryClass, String when, String remedy) {}

    /** The name of the constant. */
    String name();

    Meaning meaning();

    /** In kebab-case, as in status.reason, events and metrics: {@code push-protection}. */
    default String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The same word in CamelCase, as in conditions: {@code PushProtection}. */
    default String conditionReason() {
        return Arrays.stream(name().split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    default ReasonGroup group() {
        return meaning().group();
    }

    default RetryClass retryClass() {
        return meaning().retryClass();
    }
}
