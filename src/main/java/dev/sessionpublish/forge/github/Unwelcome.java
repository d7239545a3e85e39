package dev.sessionpublish.forge.github;

import dev.sessionpublish.http.Answer;
import java.io.IOException;

/** An answer that is not a success, on its way through the library. Its message says nothing of the body. */
final class Unwelcome extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Answer answer;

    Unwelcome(Answer answer) {
        super("the API answered " + answer.status());
        this.answer = answer;
    }

    Answer answer() {
        return answer;
    }
}
