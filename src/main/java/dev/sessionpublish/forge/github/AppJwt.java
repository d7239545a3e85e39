package dev.sessionpublish.forge.github;

import dev.sessionpublish.forge.AppKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/**
 * The JSON Web Token with which a GitHub App authenticates as itself: RS256, from a minute ago, for ten minutes, which is
 * the longest that GitHub takes.
 *
 * @see <a
 *     href="https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app">Generating
 *     a JWT</a>
 */
final class AppJwt {
    private static final Duration BEFORE = Duration.ofSeconds(60);
    private static final Duration AFTER = Duration.ofSeconds(540);
    private static final String HEADER = encoded("{\"alg\":\"RS256\",\"typ\":\"JWT\"}");

    private AppJwt() {}

    static String sign(AppKey key, Instant now) {
        // The id has no character that JSON escapes.
        String claims = "{\"iat\":%d,\"exp\":%d,\"iss\":\"%s\"}"
                .formatted(now.minus(BEFORE).getEpochSecond(), now.plus(AFTER).getEpochSecond(), key.appId());
        String signed = HEADER + "." + encoded(claims);
        try {
            Signature rs256 = Signature.getInstance("SHA256withRSA");
            rs256.initSign(key.privateKey());
            rs256.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + encoded(rs256.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing with an RSA key", e);
        }
    }

    private static String encoded(String text) {
        return encoded(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
