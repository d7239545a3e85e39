package dev.sessionpublish.forge;

import dev.sessionpublish.http.Credential;
import dev.sessionpublish.outcome.RefusedException;

/**
 * A GitHub App as the credential for one repository. Its tokens are valid for that repository alone and have the granted
 * ones of the permissions that the operator uses. They are kept in memory only, renewed before they expire, and requested
 * once for all who need one at the same time. Thread-safe.
 */
public interface AppCredential extends Credential {
    /**
     * The installation of the App, as it was when the current token was issued.
     *
     * @throws RefusedException auth, app-not-installed, app-suspended, forbidden, rate-limited, network, server-error
     */
    AppInstallation installation() throws RefusedException;

    /** The installation as it is now. The current token is replaced. Throws as {@link #installation}. */
    AppInstallation refreshed() throws RefusedException;

    /**
     * Checks a permission, and asks GitHub again before refusing.
     *
     * @throws RefusedException forbidden if the App lacks the permission; else as {@link #installation}
     */
    default void require(AppPermission permission) throws RefusedException {
        if (!installation().has(permission)) {
            AppInstallation now = refreshed();
            if (!now.has(permission)) {
                throw now.lacks(permission);
            }
        }
    }
}
