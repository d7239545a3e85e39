package dev.sessionpublish.publish.follow;

import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.ForgeHost;
import dev.sessionpublish.forge.Snapshots;
import dev.sessionpublish.http.Token;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * What forges still allow, counted by user as they do: two tokens of one user share it, and so does the token that replaces
 * one. Following leaves a fifth of it to everything else. Thread-safe.
 */
final class FollowBudget {
    private static final double LEFT_TO_OTHERS = 0.2;

    /** @param who the user's login; the token while the login is not known */
    private record Account(ForgeHost host, Object who) {}

    private final Map<Token, Account> accounts = new HashMap<>();
    private final Map<Account, Forge.RateLimit> limits = new HashMap<>();

    /** Whether following may send a request now. */
    synchronized boolean allows(ForgeHost host, Token token, Instant now) {
        Forge.RateLimit limit = limits.get(accounts.getOrDefault(token, new Account(host, token)));
        return limit == null
                || now.getEpochSecond() >= limit.resetAt()
                || limit.remaining() > limit.limit() * LEFT_TO_OTHERS;
    }

    /** Answers may come out of order: within one period the lowest counts. */
    synchronized void record(ForgeHost host, Token token, Snapshots read, Instant now) {
        limits.values().removeIf(each -> each.resetAt() <= now.getEpochSecond());
        accounts.values().removeIf(each -> !limits.containsKey(each));
        Forge.RateLimit reported = read.rateLimit();
        if (reported.limit() > 0 && reported.resetAt() > now.getEpochSecond()) {
            Account account =
                    new Account(host, read.account().map(Object.class::cast).orElse(token));
            accounts.put(token, account);
            limits.merge(account, reported, FollowBudget::later);
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
