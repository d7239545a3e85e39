package dev.sessionpublish.outcome;

import java.util.regex.Pattern;

/** Recognizes what a message tells the user to do: a clause that begins with an imperative, or that names the retry. */
public final class NextAction {
    private static final Pattern IMPERATIVE = Pattern.compile(
            "(?:^|[.:;,)] )(?:add|ask|authorize|change|check|clone|close|commit|convert|correct|create|delete|enable|fetch|finish"
                    + "|fix|grant|install|make|merge|mount|open|publish|push|remove|renew|reopen|report|request|run|select|set|store"
                    + "|unarchive|unsuspend|use|wait|write)\\b",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern RETRIED =
            Pattern.compile("The operator retries|is retried|automatically once|to continue the publish");

    private NextAction() {}

    public static boolean isIn(String message) {
        return IMPERATIVE.matcher(message).find() || RETRIED.matcher(message).find();
    }
}
