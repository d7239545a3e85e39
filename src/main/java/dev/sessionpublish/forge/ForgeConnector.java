package dev.sessionpublish.forge;

import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.Credential;
import dev.sessionpublish.http.RestApi;

/** Creates the {@link Forge}s of one kind of forge. Sends no requests. */
@FunctionalInterface
public interface ForgeConnector {
    /** Creates the {@link Forge}s of one host. */
    @FunctionalInterface
    interface Opener {
        Forge open(RepositoryUrl repository, Credential credential);

        /** A GitHub App as the credential for a repository. Only hosts of GitHub have Apps. */
        default AppCredential app(RepositoryUrl repository, AppKey key) {
            throw new UnsupportedOperationException("this kind of forge has no Apps");
        }
    }

    /** @param api the host's REST API */
    Opener connect(ForgeHost host, RestApi api);
}
