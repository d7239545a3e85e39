package dev.sessionpublish.config;

import dev.sessionpublish.http.HttpProxy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads settings from environment variables and collects all errors to report them together. Ignores the variables that
 * Kubernetes adds for a Service whose name starts with {@code session-publish}.
 */
final class SettingsReader {
    private static final Pattern SERVICE_LINK = Pattern.compile(
            "SESSION_PUBLISH(_[A-Z0-9_]+)?_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_[A-Z]+)?)");
    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");
    private static final int LONGEST_SHOWN = 100;

    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();

    SettingsReader(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * The value of a setting. Returns the default if the variable is absent, blank or invalid; an invalid value is
     * recorded as a problem.
     */
    <T> T value(Setting<T> setting) {
        String text = text(setting);
        try {
            if (!text.isEmpty()) {
                return setting.form().parser().apply(text);
            }
        } catch (IllegalArgumentException e) {
            wrong(setting, text, setting.form().expected());
        }
        return setting.form().parser().apply(setting.defaultValue());
    }

    /** Empty too if Kubernetes has set the variable, for a Service with the name that it stands for. */
    private String text(Setting<?> setting) {
        String name = setting.variable();
        return isServiceLink(name) ? "" : environment.getOrDefault(name, "").strip();
    }

    /** The proxy in the environment's conventional variables. An invalid value is recorded as a problem. */
    Optional<HttpProxy> proxy() {
        try {
            return HttpProxy.from(environment);
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Records an invalid value. */
    void wrong(Setting<?> setting, Object value, String expected) {
        problems.add(setting.variable() + "=" + shown(value.toString()) + ": expected " + expected + ", for example "
                + setting.form().example());
    }

    /**
     * @throws InvalidConfigurationException if there is a problem, including variables that are not {@code known}
     *     settings
     */
    void finish(List<Setting<?>> known) throws InvalidConfigurationException {
        for (String name : new TreeMap<>(environment).keySet()) {
            if (name.startsWith(Setting.PREFIX)
                    && !isServiceLink(name)
                    && known.stream().noneMatch(each -> each.variable().equals(name))) {
                problems.add(shown(name) + ": unknown setting; did you mean " + nearest(name, known) + "?");
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigurationException(problems);
        }
    }

    private boolean isServiceLink(String name) {
        return SERVICE_LINK.matcher(name).matches()
                || name.endsWith("_PORT")
                        && SERVICE_ADDRESS
                                .matcher(environment.getOrDefault(name, ""))
                                .matches();
    }

    private static String nearest(String name, List<Setting<?>> known) {
        return known.stream()
                .map(Setting::variable)
                .min(Comparator.comparingInt(each -> editDistance(each, name)))
                .orElseThrow();
    }

    /** The Levenshtein distance. */
    private static int editDistance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    /** On one line, shortened. */
    static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= LONGEST_SHOWN ? line : line.substring(0, LONGEST_SHOWN) + "…";
    }
}
