package dev.sessionpublish.outcome;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Why a resource is not in the state that its spec requests. Each package has an enum of the reasons that it detects;
 * {@link SharedReason} has those that several kinds share. The {@link #code} is stable: users and dashboards match on
 * it. docs/reasons.md lists all reasons.
 */
public interface Reason {
    /**
     * The documentation of a reason.
     *
     * @param when what happened, in one sentence without markup; the message of the outcome has the details
     * @param remedy what the user does, in sentences without markup
     */
    record Meaning(ReasonGroup group, RetryClass retryClass, String when, String remedy) {}

    /** The name of the constant. */
    String name();

    Meaning meaning();

    /** The reason in kebab-case, as in status.reason, events and metrics: {@code push-protection}. */
    default String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The reason in CamelCase, as in conditions: {@code PushProtection}. */
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
