package dev.sessionpublish.http;

import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What error responses have in common, whichever API was asked: which of them may pass by itself, and which are not the
 * forge's. Forges answer git and their APIs in plain text or JSON. An error page in HTML comes from a proxy, a load
 * balancer or a firewall in front of the forge: a challenge, a block, a misunderstanding.
 *
 * @see <a href="https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/">
 *     cf-mitigated</a>
 * @see <a href="https://docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge-how-it-works.html">
 *     x-amzn-waf-action</a>
 */
public final class UnexpectedStatus {
    /**
     * Whose meaning doesn't depend on who sends them; 404 and 410 are also sent as pages by forges, for URLs of no
     * repository.
     */
    private static final Set<Integer> CLEAR = Set.of(401, 404, 408, 410, 411, 413, 414, 429, 431, 451);

    private static final Set<Integer> TRANSIENT = Set.of(408, 421, 425, 499);
    /** Cloudflare's block, for clients that ask for no HTML. */
    private static final Pattern CLOUDFLARE = Pattern.compile("error code: 1\\d{3}\\s*");

    private UnexpectedStatus() {}

    /** Whether the status says that the same request may succeed later: 5xx, timeouts, a connection to be avoided. */
    public static boolean isTransient(int status) {
        return status >= 500 || TRANSIENT.contains(status);
    }

    /**
     * The refusal of a response that something in front of the forge has sent in its place; empty if it is the forge's,
     * as far as can be told.
     *
     * @param status an error or any other status that the caller doesn't expect
     * @param header returns the value of a header of the response by its name
     * @param body the start of the body
     * @param forge the forge's name or host
     */
    public static Optional<RefusedException> notOfForge(
            int status, Function<String, Optional<String>> header, String body, String forge) {
        Optional<String> sender = sender(status, header, body);
        return sender.map(who -> new RefusedException(
                SharedReason.NETWORK,
                who + " in front of " + forge + " (" + status + "). The operator retries. If this persists, ask"
                        + " the administrator of the proxy or firewall to let the operator's requests pass.",
                RetryAfter.in(header)));
    }

    private static Optional<String> sender(int status, Function<String, Optional<String>> header, String body) {
        if (status == 407 || status == 511) {
            return Optional.of("The request was answered by a proxy that requires a login");
        }
        if (status == 429 || status >= 300 && status < 400) {
            return Optional.empty();
        }
        if (status < 500 && isChallenge(header)) {
            return Optional.of("The request was answered with the challenge of a firewall");
        }
        boolean page = header.apply("Content-Type")
                .filter(type -> type.toLowerCase(Locale.ROOT).contains("html"))
                .isPresent();
        boolean strange = status < 500
                && !CLEAR.contains(status)
                && (page || CLOUDFLARE.matcher(body).matches());
        return strange
                ? Optional.of("The request was answered with the page of a proxy or firewall")
                : Optional.empty();
    }

    private static boolean isChallenge(Function<String, Optional<String>> header) {
        return header.apply("cf-mitigated").isPresent()
                || header.apply("x-amzn-waf-action").isPresent();
    }
}
