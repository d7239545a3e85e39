package dev.sessionpublish.config;

import java.util.List;

/** The environment holds settings that can't be used. The message names all of them, and for each what is expected. */
public final class InvalidConfigurationException extends Exception {
    private static final long serialVersionUID = 1;

    public InvalidConfigurationException(List<String> problems) {
        super("The operator's settings can't be used. Correct these environment variables and start it again:\n  "
                + String.join("\n  ", problems));
    }
}
