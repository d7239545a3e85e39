package dev.sessionpublish.lifecycle;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** One object during one run, as the API server has it: as it was read, then as the run's last write returned it. */
public final class Stored<R extends HasMetadata> {
    private R object;

    private Stored(R object) {
        this.object = object;
    }

    public static <R extends HasMetadata> Stored<R> of(R read) {
        return new Stored<>(read);
    }

    synchronized R get() {
        return object;
    }

    synchronized R set(R written) {
        object = written;
        return written;
    }
}
