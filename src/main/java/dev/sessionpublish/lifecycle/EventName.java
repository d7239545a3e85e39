package dev.sessionpublish.lifecycle;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names the Event of one type in one attempt. The name is always the same, so recording it again collides with the
 * existing Event. It is the object's name (cut where it is too long), ten hexadecimal digits for uid, generation and run,
 * then digits for the sort key, the attempt (three digits) and the type, and the type itself. Sorted by name, the
 * Events of one run are in the order in which they happened, for the first 999 attempts. A DNS subdomain of at
 * most 253 characters.
 */
final class EventName {
    private static final int LONGEST = 253;
    private static final int HASH_LENGTH = 10;

    private EventName() {}

    static String of(ObjectMeta object, EventType type, String runId, int attempt) {
        String identity = String.join("\n", object.getUid(), String.valueOf(object.getGeneration()), runId);
        String end =
                ".%s.%d%03d%d.%s".formatted(hash(identity), type.sortKey(), attempt, type.ordinal() + 1, type.word());
        String name = object.getName();
        String cut = name.substring(0, Math.min(name.length(), LONGEST - end.length()));
        return cut.replaceFirst("[-.]+$", "") + end;
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
