package dev.sessionpublish.forge;

import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.RestApi;
import dev.sessionpublish.http.Token;

/** Creates the {@link Forge}s of one kind of forge. Sends no requests. */
@FunctionalInterface
public interface ForgeConnector {
    /** Creates the {@link Forge}s of one host. */
    @FunctionalInterface
    interface Opener {
        Forge open(RepositoryUrl repository, Token token);
    }

    /** @param api the host's REST API */
    Opener connect(ForgeHost host, RestApi api);
}
