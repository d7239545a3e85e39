package dev.sessionpublish.embedded.cluster;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Every request in the order of the answers; a watch or an exec when it begins. */
public final class Audit {
    private final List<AuditEntry> entries = new CopyOnWriteArrayList<>();

    void record(ApiRequest request, int code) {
        List<String> argv = request.verb().equals("exec") ? request.params("command") : List.of();
        entries.add(new AuditEntry(Instant.now(), request, code, argv));
    }

    public List<AuditEntry> entries() {
        return List.copyOf(entries);
    }

    /** The execs that began. */
    public List<AuditEntry> execs() {
        return entries.stream()
                .filter(entry -> entry.verb().equals("exec") && entry.code() == 101)
                .toList();
    }

    public void clear() {
        entries.clear();
    }
}
