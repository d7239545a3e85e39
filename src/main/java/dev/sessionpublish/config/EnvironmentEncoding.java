package dev.sessionpublish.config;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether the values of the environment's variables are what was written. The JVM decodes them with the encoding of the
 * process's locale, and replaces what that can't represent.
 */
public final class EnvironmentEncoding {
    private static final String REPLACEMENT = "\uFFFD";

    private EnvironmentEncoding() {}

    /**
     * Checks the variables that the operator and its libraries read.
     *
     * @param encoding that of the process's locale
     * @throws InvalidConfigurationException with every variable whose value can be another than the one written
     */
    public static void check(Map<String, String> environment, Charset encoding) throws InvalidConfigurationException {
        List<String> problems = new TreeMap<>(environment)
                .entrySet().stream()
                        .filter(each -> isRead(each.getKey()) && isDoubtful(each.getValue(), encoding))
                        .map(each ->
                                SettingsReader.shown(each.getKey() + "=" + each.getValue()) + ": " + advice(encoding))
                        .toList();
        if (!problems.isEmpty()) {
            throw new InvalidConfigurationException(problems);
        }
    }

    private static boolean isRead(String name) {
        return name.startsWith(Setting.PREFIX)
                || name.startsWith("OTEL_")
                || name.startsWith("KUBE")
                || name.toUpperCase(Locale.ROOT).endsWith("_PROXY");
    }

    private static boolean isDoubtful(String value, Charset encoding) {
        return value.contains(REPLACEMENT)
                || !encoding.equals(StandardCharsets.UTF_8)
                        && !StandardCharsets.US_ASCII.newEncoder().canEncode(value);
    }

    private static String advice(Charset encoding) {
        return encoding.equals(StandardCharsets.UTF_8)
                ? "the value isn't UTF-8 or contains U+FFFD; write it in UTF-8"
                : "the locale's encoding is " + encoding
                        + ", which can't represent every character; set LC_ALL to C.UTF-8," + " or use ASCII only";
    }
}
