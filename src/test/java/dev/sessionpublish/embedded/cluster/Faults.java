package dev.sessionpublish.embedded.cluster;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** What tests have the server do wrong. Each fault holds for the next requests that match, then is spent. */
public final class Faults {
    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private final List<Hold> holds = new CopyOnWriteArrayList<>();
    private volatile int longestTarget = Integer.MAX_VALUE;
    private volatile int tooLong = 414;

    /**
     * @param code an answer instead of the request's work; 0 for none
     * @param loseAnswer whether the connection is closed in place of the answer, after the work is done
     */
    record Fault(
            Predicate<ApiRequest> matches,
            AtomicInteger left,
            int code,
            Duration delay,
            boolean loseAnswer,
            Runnable before) {}

    private record Hold(Predicate<ApiRequest> matches, Held held) {}

    /** Answers the next request that matches with this code, undone. */
    public void failNext(Predicate<ApiRequest> matches, int code) {
        fail(matches, code, 1);
    }

    /** Answers the next {@code times} requests that match with this code, undone. */
    public void fail(Predicate<ApiRequest> matches, int code, int times) {
        faults.add(new Fault(matches, new AtomicInteger(times), code, Duration.ZERO, false, () -> {}));
    }

    public void conflictNext(Predicate<ApiRequest> matches) {
        failNext(matches, 409);
    }

    public void delayNext(Predicate<ApiRequest> matches, Duration delay) {
        faults.add(new Fault(matches, new AtomicInteger(1), 0, delay, false, () -> {}));
    }

    /** Does what the next request that matches asks, and closes the connection without an answer. */
    public void loseAnswerOfNext(Predicate<ApiRequest> matches) {
        faults.add(new Fault(matches, new AtomicInteger(1), 0, Duration.ZERO, true, () -> {}));
    }

    /** Runs something when the next request that matches has come and before it is looked at. It must not block long. */
    public void beforeNext(Predicate<ApiRequest> matches, Runnable action) {
        faults.add(new Fault(matches, new AtomicInteger(1), 0, Duration.ZERO, false, action));
    }

    /** Runs something when the next request that matches has come, and then answers it with this code, undone. */
    public void failNextAfter(Predicate<ApiRequest> matches, Runnable action, int code) {
        faults.add(new Fault(matches, new AtomicInteger(1), code, Duration.ZERO, false, action));
    }

    /** Holds the next request that matches until it is released. */
    public Held holdNext(Predicate<ApiRequest> matches) {
        Held held = new Held();
        holds.add(new Hold(matches, held));
        return held;
    }

    /** What holds a request, once. */
    Optional<Held> hold(ApiRequest request) {
        for (Hold each : holds) {
            if (each.matches.test(request) && holds.remove(each)) {
                return Optional.of(each.held);
            }
        }
        return Optional.empty();
    }

    /**
     * From now on answers as a proxy does that has no room for long request lines: each with a target of more than this
     * many bytes, with this code and a page for people.
     */
    public void refuseTargetsOver(int bytes, int code) {
        tooLong = code;
        longestTarget = bytes;
    }

    public void clear() {
        faults.clear();
        holds.forEach(each -> each.held.release());
        holds.clear();
        longestTarget = Integer.MAX_VALUE;
    }

    /** The code for a request whose target is too long. */
    Optional<Integer> tooLong(String target) {
        return target.length() > longestTarget ? Optional.of(tooLong) : Optional.empty();
    }

    synchronized Optional<Fault> take(ApiRequest request) {
        for (Iterator<Fault> all = faults.iterator(); all.hasNext(); ) {
            Fault fault = all.next();
            if (fault.matches().test(request)) {
                if (fault.left().decrementAndGet() <= 0) {
                    faults.remove(fault);
                }
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }

    static ApiException failure(int code) {
        String reason =
                switch (code) {
                    case 400 -> "BadRequest";
                    case 401 -> "Unauthorized";
                    case 403 -> "Forbidden";
                    case 404 -> "NotFound";
                    case 409 -> "Conflict";
                    case 410 -> "Expired";
                    case 429 -> "TooManyRequests";
                    case 503 -> "ServiceUnavailable";
                    case 504 -> "Timeout";
                    default -> "InternalError";
                };
        return ApiException.of(code, reason, "a fault that a test asked for");
    }
}
