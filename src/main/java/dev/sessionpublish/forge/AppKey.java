package dev.sessionpublish.forge;

import dev.sessionpublish.outcome.Redactor;
import java.security.PrivateKey;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a GitHub App proves itself with. {@link #toString} shows no part of the private key.
 *
 * @param appId the App's id or its client id, both of which GitHub takes as issuer
 * @param installationId of the installation to use; empty if it is looked up for each repository
 * @param fingerprint of the public key, as GitHub shows it in the App's settings
 * @param redactor of the private key
 */
public record AppKey(
        String appId, Optional<Long> installationId, PrivateKey privateKey, String fingerprint, Redactor redactor) {
    private static final Pattern APP_ID = Pattern.compile("[1-9]\\d{0,17}|Iv[0-9A-Za-z.]{6,62}");
    private static final Pattern INSTALLATION_ID = Pattern.compile("[1-9]\\d{0,17}");

    /** Why a value is refused. The message is a verb phrase, and quotes no part of a private key. */
    public static final class InvalidKeyException extends Exception {
        private static final long serialVersionUID = 1;

        private InvalidKeyException(String key, String problem) {
            super("The key " + key + " " + problem);
        }
    }

    /**
     * Reads the values of a Secret. Each may have white space around it.
     *
     * @throws InvalidKeyException with a message that names the key of the Secret
     */
    public static AppKey of(String appId, String privateKey, Optional<String> installationId)
            throws InvalidKeyException {
        if (!APP_ID.matcher(appId).matches()) {
            throw new InvalidKeyException(
                    "app-id",
                    "is neither an App ID (a number) nor a client ID (Iv…). Both are in the App's settings under"
                            + " About.");
        }
        if (installationId.filter(id -> !INSTALLATION_ID.matcher(id).matches()).isPresent()) {
            throw new InvalidKeyException(
                    "installation-id",
                    "is not a number. It is the last part of the URL of the installation's settings. Remove the key to"
                            + " have the installation looked up.");
        }
        try {
            AppPrivateKey key = AppPrivateKey.parse(privateKey);
            return new AppKey(
                    appId,
                    installationId.map(Long::valueOf),
                    key.key(),
                    key.fingerprint(),
                    new Redactor(List.of(privateKey)));
        } catch (IllegalArgumentException e) {
            throw new InvalidKeyException(
                    "private-key",
                    e.getMessage()
                            + ". Store the .pem file that GitHub generated for the App (RSA, without a passphrase), with"
                            + " kubectl create secret generic --from-file=private-key=FILE.");
        }
    }

    @Override
    public String toString() {
        return "App " + appId + ", key " + fingerprint;
    }
}
