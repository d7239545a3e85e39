package dev.sessionpublish.config;

import java.util.List;

/** The environment has invalid settings. The message lists all of them with the expected values. */
public final class InvalidConfigurationException extends Exception {
    private static final long serialVersionUID = 1;

    public InvalidConfigurationException(List<String> problems) {
        super("The operator's settings are invalid. Correct these environment variables and restart the operator:\n  "
                + String.join("\n  ", problems));
    }
}
