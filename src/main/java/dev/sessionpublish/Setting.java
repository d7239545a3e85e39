package dev.sessionpublish;

/**
 * One environment variable of the operator.
 *
 * @param name without the prefix {@link #PREFIX}
 * @param defaultValue as it would be written in the environment; empty when the absence of a value means something
 * @param meaning one or two sentences for docs/settings.md
 */
record Setting<T>(String name, String defaultValue, Form<T> form, String meaning) {
    static final String PREFIX = "SESSION_PUBLISH_";

    String variable() {
        return PREFIX + name;
    }
}
