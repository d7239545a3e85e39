package dev.sessionpublish.forge.github;

import dev.sessionpublish.forge.Forge.RateLimit;
import dev.sessionpublish.http.Answer;
import java.io.IOException;
import java.util.Optional;
import org.kohsuke.github.connector.GitHubConnectorRequest;

/** Sends requests, and keeps the rate limit that GitHub reported last. */
final class LastRateLimit implements GitHubRequests.Transport {
    private final GitHubTransport transport;
    private RateLimit last = RateLimit.UNKNOWN;

    LastRateLimit(GitHubTransport transport) {
        this.transport = transport;
    }

    @Override
    public GitHubTransport.ConnectorResponse send(GitHubConnectorRequest request) throws IOException {
        try {
            GitHubTransport.ConnectorResponse answered = transport.send(request);
            note(answered.answer());
            return answered;
        } catch (ErrorAnswerException e) {
            note(e.answer());
            throw e;
        }
    }

    /** {@link RateLimit#UNKNOWN} until a response has one. */
    RateLimit get() {
        return last;
    }

    /** Responses without one, such as those of a gateway, are ignored. */
    private void note(Answer answer) {
        Optional<Long> remaining = answer.number("X-RateLimit-Remaining");
        Optional<Long> limit = answer.number("X-RateLimit-Limit");
        Optional<Long> reset = answer.number("X-RateLimit-Reset");
        if (remaining.isPresent() && limit.isPresent() && reset.isPresent()) {
            last = new RateLimit(
                    (int) Math.min(remaining.get(), Integer.MAX_VALUE),
                    (int) Math.min(limit.get(), Integer.MAX_VALUE),
                    reset.get());
        }
    }
}
