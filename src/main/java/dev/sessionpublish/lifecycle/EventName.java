package dev.sessionpublish.lifecycle;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names the Event of one lifecycle event. The name is always the same, so recording it again collides with the existing
 * Event. It is the object's name (cut where it is too long), ten hexadecimal digits for its uid, the ordinal of the event
 * in status.history (six digits), four hexadecimal digits for generation, run and attempt, and the type:
 * {@code s7.1a2b3c4d5e.000004-9f3e.git.push.failed}. Sorted by name, the Events of an object are in the order in which
 * they happened, for the first 999,999. A DNS subdomain of at most 253 characters.
 *
 * <p>Generation, run and attempt are part of it because an event that ends a run exists before the status that has it in
 * its history: when that status is never stored, and the user then starts another run, the next event has the same ordinal.
 */
final class EventName {
    private static final int LONGEST = 253;
    private static final int OBJECT_DIGITS = 10;
    private static final int RUN_DIGITS = 4;

    private EventName() {}

    static String of(ObjectMeta object, String runId, LifecycleEvent event) {
        String run = String.join("\n", String.valueOf(object.getGeneration()), runId, String.valueOf(event.attempt()));
        String end = ".%s.%06d-%s.%s"
                .formatted(
                        hash(object.getUid(), OBJECT_DIGITS),
                        event.ordinal(),
                        hash(run, RUN_DIGITS),
                        event.type().word());
        String name = object.getName();
        String cut = name.substring(0, Math.min(name.length(), LONGEST - end.length()));
        return cut.replaceFirst("[-.]+$", "") + end;
    }

    private static String hash(String text, int digits) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, digits);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
