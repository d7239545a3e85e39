package dev.sessionpublish.forge.github;

import dev.sessionpublish.forge.Forge.RateLimit;
import dev.sessionpublish.http.Answer;
import dev.sessionpublish.http.Credential;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.RefusedException;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.kohsuke.github.GitHub;
import org.kohsuke.github.GitHubAbuseLimitHandler;
import org.kohsuke.github.GitHubBuilder;
import org.kohsuke.github.GitHubRateLimitHandler;
import org.kohsuke.github.authorization.ImmutableAuthorizationProvider;
import org.kohsuke.github.connector.GitHubConnector;
import org.kohsuke.github.connector.GitHubConnectorRequest;

/**
 * Sends the library's requests with a credential, each with the token of the time, and once more if that has been revoked and
 * the credential has another. Records the rate limit. Not thread-safe.
 */
final class GitHubRequests implements GitHubConnector {
    /** The library wants a value; {@link GitHubTransport} sends the token of the time. */
    private static final String SET_BY_TRANSPORT = "Bearer";

    private final GitHubTransport transport;
    private final Credential credential;
    private RateLimit rateLimit = RateLimit.UNKNOWN;

    GitHubRequests(GitHubTransport transport, Credential credential) {
        this.transport = transport;
        this.credential = credential;
    }

    /** The library, which sends its requests here; none yet. */
    GitHub library(URI api) {
        try {
            return new GitHubBuilder()
                    .withEndpoint(api.toString())
                    .withAuthorizationProvider(new ImmutableAuthorizationProvider(SET_BY_TRANSPORT))
                    .withConnector(this)
                    .withRateLimitHandler(GitHubRateLimitHandler.FAIL)
                    .withAbuseLimitHandler(GitHubAbuseLimitHandler.FAIL)
                    .build();
        } catch (IOException e) {
            throw new IllegalStateException("the library sent a request while it was being created", e);
        }
    }

    /** Of the REST API, as the last response reported it. */
    RateLimit rateLimit() {
        return rateLimit;
    }

    @Override
    public GitHubTransport.ConnectorResponse send(GitHubConnectorRequest request) throws IOException {
        try {
            Token token = credential.token();
            try {
                return noted(request, token);
            } catch (ErrorAnswerException e) {
                GitHubError error = GitHubError.of(e.answer());
                if (error.isOfOutdatedToken()) {
                    credential.rejected(token);
                }
                Token next = error.isOfRevokedToken() ? credential.token() : token;
                if (next.equals(token)) {
                    throw e;
                }
                return noted(request, next);
            }
        } catch (RefusedException e) {
            throw new NoAnswerException(e);
        }
    }

    private GitHubTransport.ConnectorResponse noted(GitHubConnectorRequest request, Token token) throws IOException {
        try {
            GitHubTransport.ConnectorResponse answered = transport.send(request, token);
            note(answered.answer());
            return answered;
        } catch (ErrorAnswerException e) {
            note(e.answer());
            throw e;
        }
    }

    /** The points of GraphQL are another limit. */
    private void note(Answer answer) {
        if (!answer.header("X-RateLimit-Resource").equals(Optional.of("graphql"))) {
            rateLimit = GitHubRateLimits.reported(answer).orElse(rateLimit);
        }
    }
}
