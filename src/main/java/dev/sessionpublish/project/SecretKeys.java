package dev.sessionpublish.project;

import dev.sessionpublish.forge.AppKey;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads the keys of a project's Secret, and refuses those that contradict each other. White space around a value is no part
 * of it, nor is a byte order mark, which some editors write at the start of a file.
 *
 * @param name of the Secret
 * @param data by key, in base64
 */
record SecretKeys(String name, Map<String, String> data) {
    private static final List<String> TOKENS = List.of("token", "push-token", "pull-request-token");
    private static final String APP_ID = "app-id";
    private static final String PRIVATE_KEY = "private-key";
    private static final String INSTALLATION_ID = "installation-id";
    private static final List<String> APP = List.of(APP_ID, PRIVATE_KEY, INSTALLATION_ID);
    private static final int MOST_NAMED = 10;

    /**
     * The GitHub App; empty if the Secret has none of its keys.
     *
     * @throws RefusedException missing-credentials
     */
    Optional<AppKey> app() throws RefusedException {
        List<String> ofApp = APP.stream().filter(data::containsKey).toList();
        if (ofApp.isEmpty()) {
            return Optional.empty();
        }
        List<String> tokens = TOKENS.stream().filter(data::containsKey).toList();
        if (!tokens.isEmpty()) {
            throw Credentials.missing("The Secret " + name + " has keys of a token (" + String.join(", ", tokens)
                    + ") and of a GitHub App (" + String.join(", ", ofApp) + "). Remove one of the two.");
        }
        String appId = required(APP_ID);
        String privateKey = required(PRIVATE_KEY);
        try {
            return Optional.of(AppKey.of(
                    appId,
                    privateKey,
                    data.containsKey(INSTALLATION_ID) ? Optional.of(required(INSTALLATION_ID)) : Optional.empty()));
        } catch (AppKey.InvalidKeyException e) {
            throw Credentials.missing("The Secret " + name + " has an invalid key of a GitHub App. " + e.getMessage());
        }
    }

    private String required(String key) throws RefusedException {
        if (!data.containsKey(key)) {
            throw Credentials.missing("The Secret " + name + " has keys of a GitHub App but not " + key
                    + ". Add it, beside " + (key.equals(APP_ID) ? PRIVATE_KEY : APP_ID) + ".");
        }
        String value = value(key).orElse("");
        if (value.isEmpty()) {
            throw Credentials.missing("The key " + key + " of the Secret " + name + " is empty. Store a value in it.");
        }
        return value;
    }

    /** @throws RefusedException missing-credentials */
    Credentials tokens(String version) throws RefusedException {
        Optional<Token> shared = token("token");
        Credentials credentials = new Credentials(
                version,
                token("push-token").or(() -> shared),
                token("pull-request-token").or(() -> shared));
        if (credentials.push().isEmpty() && credentials.pullRequest().isEmpty()) {
            throw Credentials.missing(withoutToken());
        }
        return credentials;
    }

    private String withoutToken() {
        Optional<String> empty = TOKENS.stream().filter(data::containsKey).findFirst();
        if (empty.isPresent()) {
            return "The key " + empty.get() + " of the Secret " + name + " is empty. Store a token in it.";
        }
        String keys = data.keySet().stream().sorted().limit(MOST_NAMED).collect(Collectors.joining(", "));
        return "The Secret " + name + " has "
                + (keys.isEmpty() ? "none of the keys " : "the keys " + keys + " but none of ")
                + String.join(", ", TOKENS) + ", " + APP_ID + ". Add the key token, or app-id and private-key of a"
                + " GitHub App.";
    }

    private Optional<Token> token(String key) throws RefusedException {
        try {
            return value(key).filter(value -> !value.isEmpty()).map(Token::new);
        } catch (IllegalArgumentException e) {
            throw Credentials.missing("The key " + key + " of the Secret " + name + " is not a valid token."
                    + " Store the token as one line of printable ASCII without spaces.");
        }
    }

    private Optional<String> value(String key) {
        return Optional.ofNullable(data.get(key)).map(encoded -> {
            String text = new String(Base64.getMimeDecoder().decode(encoded), StandardCharsets.UTF_8);
            return (text.startsWith("\uFEFF") ? text.substring(1) : text).strip();
        });
    }
}
