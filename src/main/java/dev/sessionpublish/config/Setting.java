package dev.sessionpublish.config;

/**
 * One environment variable of the operator.
 *
 * @param name the name without the prefix {@link #PREFIX}
 * @param defaultValue as in the environment; empty if an absent value has its own meaning
 * @param meaning one or two sentences for docs/settings.md
 */
public record Setting<T>(String name, String defaultValue, SettingForm<T> form, String meaning) {
    public static final String PREFIX = "SESSION_PUBLISH_";

    public String variable() {
        return PREFIX + name;
    }
}
