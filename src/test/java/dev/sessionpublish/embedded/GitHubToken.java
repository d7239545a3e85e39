package dev.sessionpublish.embedded;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A token of the stand-in: whose it is, what it may do where, and what is left of its rate limit. */
public final class GitHubToken {
    private static final long HOUR = 3_600;
    private static final int POINTS = 5_000;

    private final String login;
    private final boolean fineGrained;
    private final Map<String, Access> access = new ConcurrentHashMap<>();
    private final Optional<GitHubToken> quota;
    private int limit = 5000;
    private int remaining = 5000;
    private long resetAt = 4_102_444_800L;
    private boolean renews;
    private int exhaustedStatus = 403;
    private boolean checks = true;
    private int pointsLeft = POINTS;
    private int pointsTaken;
    private Instant pointsReset = Instant.EPOCH;

    /** What a token may do in a repository; where nothing is said, the repository does not exist for it. */
    public enum Access {
        READ,
        /** Contents can be written, pull requests only read. */
        PUSH,
        WRITE
    }

    GitHubToken(String login, boolean fineGrained) {
        this(login, fineGrained, Optional.empty());
    }

    private GitHubToken(String login, boolean fineGrained, Optional<GitHubToken> quota) {
        this.login = login;
        this.fineGrained = fineGrained;
        this.quota = quota;
    }

    /** One of many that share a rate limit. */
    static GitHubToken ofInstallation(GitHubToken quota) {
        return new GitHubToken(quota.login, true, Optional.of(quota));
    }

    public synchronized GitHubToken may(Access what, String repository) {
        access.put(repository.toLowerCase(Locale.ROOT), what);
        return this;
    }

    /**
     * From now on this many requests are answered, then {@code status} (403 or 429) until the reset, and after it
     * {@code of} in each hour. A reset that is past already never comes.
     */
    public synchronized GitHubToken rateLimit(int left, int of, long resetEpochSecond, int status) {
        this.remaining = left;
        this.limit = of;
        this.resetAt = resetEpochSecond;
        this.renews = resetEpochSecond > Instant.now().getEpochSecond();
        this.exhaustedStatus = status;
        return this;
    }

    /** Doesn't grant the permission to read checks and commit statuses. */
    public synchronized GitHubToken withoutChecks() {
        checks = false;
        return this;
    }

    synchronized boolean mayReadChecks() {
        return checks;
    }

    /** From now on GraphQL may take this many of its points until the reset. */
    public synchronized GitHubToken points(int left, Instant reset) {
        pointsLeft = left;
        pointsReset = reset;
        return this;
    }

    /** The points of GraphQL that were taken since the start. */
    public synchronized int pointsTaken() {
        return pointsTaken;
    }

    /** Counts points of GraphQL; false when too few are left. */
    synchronized boolean takePoints(int cost) {
        if (pointsReset.equals(Instant.EPOCH)) {
            pointsReset = Instant.now().plusSeconds(HOUR).truncatedTo(ChronoUnit.SECONDS);
        }
        if (pointsLeft < cost) {
            return false;
        }
        pointsLeft -= cost;
        pointsTaken += cost;
        return true;
    }

    synchronized ObjectNode points() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("limit", POINTS)
                .put("remaining", pointsLeft)
                .put("resetAt", pointsReset.toString());
    }

    synchronized Map<String, String> pointHeaders() {
        return Map.of(
                "X-RateLimit-Limit", String.valueOf(POINTS),
                "X-RateLimit-Remaining", String.valueOf(pointsLeft),
                "X-RateLimit-Used", String.valueOf(POINTS - pointsLeft),
                "X-RateLimit-Reset", String.valueOf(pointsReset.getEpochSecond()),
                "X-RateLimit-Resource", "graphql");
    }

    synchronized void renamed(String from, String to) {
        Access known = access.remove(from.toLowerCase(Locale.ROOT));
        if (known != null) {
            may(known, to);
        }
    }

    String login() {
        return login;
    }

    boolean isFineGrained() {
        return fineGrained;
    }

    Optional<Access> in(String repository) {
        return Optional.ofNullable(access.get(repository.toLowerCase(Locale.ROOT)));
    }

    /** Counts a request; false when none is left before the reset. */
    synchronized boolean take() {
        if (quota.isPresent()) {
            return quota.get().take();
        }
        long now = Instant.now().getEpochSecond();
        if (renews && now >= resetAt) {
            remaining = limit;
            resetAt = now + HOUR;
        }
        return remaining > 0 && remaining-- > 0;
    }

    /** A conditional request that found nothing new is not counted. */
    synchronized void giveBack() {
        quota.ifPresent(GitHubToken::giveBack);
        remaining++;
    }

    synchronized int exhaustedStatus() {
        return quota.map(GitHubToken::exhaustedStatus).orElse(exhaustedStatus);
    }

    synchronized Map<String, String> headers() {
        if (quota.isPresent()) {
            return quota.get().headers();
        }
        return Map.of(
                "X-RateLimit-Limit", String.valueOf(limit),
                "X-RateLimit-Remaining", String.valueOf(remaining),
                "X-RateLimit-Used", String.valueOf(limit - remaining),
                "X-RateLimit-Reset", String.valueOf(resetAt),
                "X-RateLimit-Resource", "core");
    }
}
