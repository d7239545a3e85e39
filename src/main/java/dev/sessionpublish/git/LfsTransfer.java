package dev.sessionpublish.git;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * Where a forge wants an LFS object, as its batch API answered.
 *
 * @param upload takes the content by PUT
 * @param verify is told by POST that it is there, where the forge wants that
 */
public record LfsTransfer(LfsObject object, Action upload, Optional<Action> verify) {

    /** @param header what the forge wants to be sent along; may hold a credential of the forge's own making */
    public record Action(URI href, Map<String, String> header) {
        @Override
        public String toString() {
            return "Action[" + href.getAuthority() + "]";
        }
    }
}
