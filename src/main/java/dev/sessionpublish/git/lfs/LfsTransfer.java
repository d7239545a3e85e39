package dev.sessionpublish.git.lfs;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a forge wants an LFS object, as its batch API answered.
 *
 * @param upload takes the content by PUT
 * @param verify is told by POST that it is there, where the forge wants that
 */
public record LfsTransfer(
        LfsObject object, Action upload, @Nullable Action verify) {

    Optional<Action> wantedVerify() {
        return Optional.ofNullable(verify);
    }

    /** Whether the forge must be asked again before it would take the object. */
    boolean isExpired(Instant now) {
        return upload.isExpired(now)
                || wantedVerify().filter(each -> each.isExpired(now)).isPresent();
    }

    /**
     * @param header what the forge wants to be sent along; may hold a credential of the forge's own making
     * @param expires when the forge takes it no more, where it says so
     */
    public record Action(
            URI href, Map<String, String> header, @Nullable Instant expires) {
        boolean isExpired(Instant now) {
            return expires != null && !now.isBefore(expires);
        }

        @Override
        public String toString() {
            return "Action[" + href.getAuthority() + "]";
        }
    }
}
