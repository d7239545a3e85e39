package dev.sessionpublish.forge.github;

import dev.sessionpublish.http.Answer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Caches responses with an ETag, because conditional requests don't count against the rate limit. A response is only
 * returned for the same credential and URL: the key is a hash of both. Keeps the {@value #MOST} most recently used
 * responses, and none longer than {@value #LONGEST} bytes.
 */
final class EtagCache {
    private static final int MOST = 256;
    private static final int LONGEST = 64 * 1024;

    private final Map<String, CachedAnswer> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CachedAnswer> eldest) {
            return size() > MOST;
        }
    };

    record CachedAnswer(String etag, byte[] body) {}

    static String key(String credential, String url) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(credential.getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) 0);
            return HexFormat.of().formatHex(sha256.digest(url.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    synchronized Optional<CachedAnswer> get(String key) {
        return Optional.ofNullable(kept.get(key));
    }

    synchronized void put(String key, Answer answer) {
        answer.header("ETag")
                .filter(etag -> answer.status() == 200 && answer.body().length <= LONGEST)
                .ifPresent(etag -> kept.put(key, new CachedAnswer(etag, answer.body())));
    }
}
