package dev.sessionpublish.git.lfs;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The upload of an LFS object, as the forge's batch response describes it.
 *
 * @param upload the PUT request for the content; null if it must be asked for again, because the requests of many
 *     objects are not kept
 * @param verify the POST request to verify the upload; null if the forge requires none
 */
public record LfsTransfer(
        LfsObject object, @Nullable Action upload, @Nullable Action verify) {

    static LfsTransfer unauthorized(LfsObject object) {
        return new LfsTransfer(object, null, null);
    }

    Optional<Action> wantedVerify() {
        return Optional.ofNullable(verify);
    }

    /** Whether there is no upload authorization, or it has expired. */
    boolean isExpired(Instant now) {
        return upload == null
                || upload.isExpired(now)
                || wantedVerify().filter(each -> each.isExpired(now)).isPresent();
    }

    /**
     * @param header the headers to send; may contain a credential that the forge created
     * @param expires when the authorization expires; null if the forge sets no expiry
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
