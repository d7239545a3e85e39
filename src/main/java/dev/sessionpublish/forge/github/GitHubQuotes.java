package dev.sessionpublish.forge.github;

import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.Redactor;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;

/** Quotes GitHub's messages: redacted, as one line of at most {@value #LONGEST_QUOTE} bytes. */
record GitHubQuotes(Redactor redactor) {
    private static final int LONGEST_QUOTE = 512;

    RefusedException refuse(Reason reason, String sentence, GitHubError error) {
        return new RefusedException(reason, sentence + suffix(error));
    }

    /** GitHub's message as a sentence to append; empty if there is none. */
    String suffix(GitHubError error) {
        String quoted = quote(error.message());
        return quoted.isEmpty() ? "" : " GitHub's message: " + quoted;
    }

    String quote(String text) {
        return SafeText.line(redactor.redact(text), LONGEST_QUOTE);
    }
}
