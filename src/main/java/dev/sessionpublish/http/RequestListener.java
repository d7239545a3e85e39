package dev.sessionpublish.http;

import java.time.Duration;
import java.util.OptionalInt;

/** Called after every request to a forge, in the requesting thread. It must neither block nor throw. */
@FunctionalInterface
public interface RequestListener {
    /** Ignores all requests. */
    RequestListener NONE = (api, method, status, took) -> {};

    /**
     * @param method in upper case
     * @param status the status of the response; empty if there was none
     * @param took the time from the start of the request to the start of the response, or to the failure
     */
    void ended(Api api, String method, OptionalInt status, Duration took);
}
