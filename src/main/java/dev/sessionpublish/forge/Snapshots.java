package dev.sessionpublish.forge;

import dev.sessionpublish.outcome.RefusedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pull requests that were read together. Each that was asked for is in {@code found} or in {@code refused}, unless the
 * rate limit ended before it was read: then {@code rateLimit.remaining()} is 0.
 *
 * @param refused why a pull request can't be read, although others can
 * @param account the user that the forge counts the requests of; empty if it doesn't report one
 * @param rateLimit of the API that was used; {@link Forge.RateLimit#UNKNOWN} if the forge reports none
 */
public record Snapshots(
        Map<PullRequestRef, PullRequestSnapshot> found,
        Map<PullRequestRef, RefusedException> refused,
        Optional<String> account,
        Forge.RateLimit rateLimit) {

    /** None of them can be read, for one reason. */
    public static Snapshots refused(List<PullRequestRef> refs, RefusedException why) {
        Map<PullRequestRef, RefusedException> refused = new HashMap<>();
        refs.forEach(ref -> refused.put(ref, why));
        return new Snapshots(Map.of(), refused, Optional.empty(), Forge.RateLimit.UNKNOWN);
    }

    /** Both together, with the account and the rate limit of {@code later}. */
    public Snapshots and(Snapshots later) {
        Map<PullRequestRef, PullRequestSnapshot> allFound = new HashMap<>(found);
        allFound.putAll(later.found);
        Map<PullRequestRef, RefusedException> allRefused = new HashMap<>(refused);
        allRefused.putAll(later.refused);
        boolean isKnown = later.rateLimit.limit() >= 0;
        return new Snapshots(
                allFound, allRefused, later.account.or(() -> account), isKnown ? later.rateLimit : rateLimit);
    }
}
