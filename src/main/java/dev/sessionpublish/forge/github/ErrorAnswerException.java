package dev.sessionpublish.forge.github;

import dev.sessionpublish.http.Answer;
import java.io.IOException;

/** An error response. The message contains nothing of the body. */
final class ErrorAnswerException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Answer answer;

    ErrorAnswerException(Answer answer) {
        super("the API returned status " + answer.status());
        this.answer = answer;
    }

    Answer answer() {
        return answer;
    }
}
