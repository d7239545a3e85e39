package dev.sessionpublish.http;

import java.time.Duration;
import java.util.OptionalInt;

/** Is told of every request to a forge, in the thread that made it. It must not block, and must not throw. */
@FunctionalInterface
public interface RequestListener {
    /** Hears nothing. */
    RequestListener NONE = (api, method, status, took) -> {};

    /**
     * @param method in upper case
     * @param status of the answer, whatever it is; empty when none came
     * @param took from the beginning of the request to the beginning of the answer, or to the failure
     */
    void ended(Api api, String method, OptionalInt status, Duration took);
}
