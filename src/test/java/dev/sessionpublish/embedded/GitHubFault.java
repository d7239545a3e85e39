package dev.sessionpublish.embedded;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What goes wrong with the next request that fits. Each fault is used up by {@code times} requests.
 *
 * @param method of the requests it is for
 * @param path a regular expression for their whole path
 */
public record GitHubFault(String method, Pattern path, Kind kind, Optional<GitHubReply> reply, int times) {

    /** How it goes wrong. */
    public enum Kind {
        /** Another answer is given, and nothing done. */
        ANSWER,
        /** The connection is closed without an answer, and nothing done. */
        RESET,
        /** What was asked for is done, then the connection is closed without an answer. */
        RESET_AFTER_EFFECT,
        /** Nothing is done, and no answer comes until the stand-in is closed. */
        STALL,
        /** What was asked for is done, and no answer comes until the stand-in is closed. */
        STALL_AFTER_EFFECT,
        /** The answer starts and goes on byte by byte, without end. */
        DRIP
    }

    public static GitHubFault answer(String method, String path, GitHubReply reply) {
        return new GitHubFault(method, Pattern.compile(path), Kind.ANSWER, Optional.of(reply), 1);
    }

    public static GitHubFault of(Kind kind, String method, String path) {
        return new GitHubFault(method, Pattern.compile(path), kind, Optional.empty(), 1);
    }

    /** GitHub's secondary limit, which comes with a Retry-After or without. */
    public static GitHubFault secondaryLimit(String method, String path, Optional<Duration> retryAfter) {
        GitHubReply reply = GitHubReply.error(
                403,
                "You have exceeded a secondary rate limit and have been temporarily blocked from content creation."
                        + " Please retry your request again later.");
        return answer(
                method,
                path,
                retryAfter
                        .map(wait -> reply.with("Retry-After", String.valueOf(wait.toSeconds())))
                        .orElse(reply));
    }

    /** What an organisation answers whose single sign-on the token hasn't been authorised for. */
    public static GitHubFault singleSignOn(String method, String path, String url) {
        return answer(
                method,
                path,
                new GitHubReply(
                        403,
                        Map.of("X-GitHub-SSO", "required; url=" + url),
                        GitHubReply.error(
                                        403,
                                        "Resource protected by organization SAML enforcement. You must grant your"
                                                + " Personal Access token access to this organization.")
                                .body()));
    }

    public GitHubFault times(int count) {
        return new GitHubFault(method, path, kind, reply, count);
    }

    boolean fits(String requestMethod, String requestPath) {
        return method.equals(requestMethod) && path.matcher(requestPath).matches();
    }
}
