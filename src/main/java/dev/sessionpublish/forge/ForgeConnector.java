package dev.sessionpublish.forge;

import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.RestApi;
import dev.sessionpublish.http.Token;

/** The implementation of {@link Forge} for one kind of forge; sends no request by itself. */
@FunctionalInterface
public interface ForgeConnector {
    /** The repositories of one host. */
    @FunctionalInterface
    interface Opener {
        Forge open(RepositoryUrl repository, Token token);
    }

    /** @param api the host's REST API */
    Opener connect(ForgeHost host, RestApi api);
}
