package dev.sessionpublish.publish.follow;

import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.ForgeHost;
import dev.sessionpublish.forge.Snapshots;
import dev.sessionpublish.http.Credential;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * What forges still allow, counted by user as they do: two tokens of one user share it, and so does the token that replaces
 * one. Following leaves a fifth of it to everything else. Thread-safe.
 */
final class FollowBudget {
    private static final double LEFT_TO_OTHERS = 0.2;

    /** @param who the user's login where the forge reports it; otherwise as of {@link Credential#account} */
    private record Account(ForgeHost host, Object who) {
        static Account of(ForgeHost host, Credential credential) {
            return new Account(host, credential.account());
        }
    }

    /** The users of credentials. */
    private final Map<Account, Account> users = new HashMap<>();

    private final Map<Account, Forge.RateLimit> limits = new HashMap<>();

    /** Whether following may send a request now. */
    synchronized boolean allows(ForgeHost host, Credential credential, Instant now) {
        Account own = Account.of(host, credential);
        Forge.RateLimit limit = limits.get(users.getOrDefault(own, own));
        return limit == null
                || now.getEpochSecond() >= limit.resetAt()
                || limit.remaining() > limit.limit() * LEFT_TO_OTHERS;
    }

    /** Answers may come out of order: within one period the lowest counts. */
    synchronized void record(ForgeHost host, Credential credential, Snapshots read, Instant now) {
        limits.values().removeIf(each -> each.resetAt() <= now.getEpochSecond());
        users.values().removeIf(each -> !limits.containsKey(each));
        Forge.RateLimit reported = read.rateLimit();
        if (reported.limit() > 0 && reported.resetAt() > now.getEpochSecond()) {
            Account own = Account.of(host, credential);
            Account user = read.account().map(login -> new Account(host, login)).orElse(own);
            users.put(own, user);
            limits.merge(user, reported, FollowBudget::later);
        }
    }

    private static Forge.RateLimit later(Forge.RateLimit known, Forge.RateLimit reported) {
        boolean samePeriod = known.resetAt() == reported.resetAt();
        return samePeriod && known.remaining() < reported.remaining() ? known : reported;
    }

    /** By host, the share that is left to the account with the smallest one. */
    synchronized Map<String, Double> left() {
        Map<String, Double> left = new HashMap<>();
        limits.forEach((account, limit) ->
                left.merge(account.host.authority(), (double) limit.remaining() / limit.limit(), Math::min));
        return left;
    }
}
