package dev.sessionpublish.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The form of a setting's value.
 *
 * @param expected completes the sentence "expected …"
 * @param parser throws IllegalArgumentException for text of another form
 */
public record SettingForm<T>(String expected, String example, Function<String, T> parser) {
    private static final String DNS_LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
    private static final Pattern NAMESPACE = Pattern.compile(DNS_LABEL);
    private static final Pattern LABEL_KEY =
            Pattern.compile("([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final Pattern LABEL_VALUE = Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
    private static final Pattern REQUIREMENT = Pattern.compile("(!?(?<key>[^\\s=!,()]+)"
            + "|(?<set>[^\\s=!,()]+)\\s+(?:in|notin)\\s*\\((?<values>[^()]*)\\)"
            + "|(?<equal>[^\\s=!,()]+)\\s*(?:==|!=|=)\\s*(?<value>[^\\s=!,()]*))");
    private static final Pattern LEASE_NAME = Pattern.compile("(?=.{1,253}$)" + DNS_LABEL + "([.]" + DNS_LABEL + ")*");
    private static final Pattern IDENTITY = Pattern.compile("[^\\p{Cntrl}<>]{1,200}");

    static SettingForm<Duration> duration(Duration shortest, Duration longest, String example) {
        String expected = "an ISO-8601 duration from " + shortest + " to " + longest;
        return new SettingForm<>(expected, example, text -> {
            try {
                return required(Duration.parse(text), d -> d.compareTo(shortest) >= 0 && d.compareTo(longest) <= 0);
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(e);
            }
        });
    }

    static SettingForm<DataSize> size(DataSize smallest, String example) {
        String expected = "a whole number followed by KiB, MiB or GiB, at least " + smallest;
        return new SettingForm<>(
                expected, example, text -> required(DataSize.parse(text), size -> size.bytes() >= smallest.bytes()));
    }

    static SettingForm<Integer> number(int least, int most, String example) {
        String expected = "a whole number from " + least + " to " + most;
        return new SettingForm<>(
                expected, example, text -> required(Integer.valueOf(text), n -> n >= least && n <= most));
    }

    static SettingForm<Optional<Integer>> optionalNumber(int least, int most, String example) {
        SettingForm<Integer> number = number(least, most, example);
        return new SettingForm<>(
                number.expected(), example, text -> optional(text).map(number.parser()));
    }

    static SettingForm<Boolean> flag() {
        return new SettingForm<>("true or false", "true", text -> required(text, Set.of("true", "false")::contains)
                .equals("true"));
    }

    static <E extends Enum<E>> SettingForm<E> oneOf(Class<E> type, String example) {
        Map<String, E> words = Stream.of(type.getEnumConstants())
                .collect(Collectors.toMap(
                        each -> each.name().toLowerCase(Locale.ROOT), each -> each, (a, b) -> a, TreeMap::new));
        return new SettingForm<>("one of " + String.join(", ", words.keySet()), example, text -> {
            E word = words.get(text.toLowerCase(Locale.ROOT));
            if (word == null) {
                throw new IllegalArgumentException("unknown word");
            }
            return word;
        });
    }

    static SettingForm<Set<String>> namespaces() {
        return new SettingForm<>("names of namespaces, separated by commas", "team-a,team-b", text -> {
            Set<String> names = new LinkedHashSet<>();
            for (String each : text.isEmpty() ? List.<String>of() : List.of(text.split(",", -1))) {
                names.add(required(each.strip(), NAMESPACE.asMatchPredicate()::test));
            }
            return Collections.unmodifiableSet(names);
        });
    }

    static SettingForm<Optional<String>> namespace() {
        return new SettingForm<>("the name of a namespace", "session-publish", text -> optional(text)
                .map(name -> required(name, NAMESPACE.asMatchPredicate()::test)));
    }

    /** At least one label with an exact value. */
    static SettingForm<Map<String, String>> labels(String example) {
        return new SettingForm<>("labels as KEY=VALUE, separated by commas", example, text -> {
            Map<String, String> labels = new TreeMap<>();
            for (String each : text.split(",", -1)) {
                String[] pair = each.strip().split("=", 2);
                required(pair, p -> p.length == 2 && LABEL_KEY.matcher(p[0]).matches());
                labels.put(pair[0], required(pair[1], LABEL_VALUE.asMatchPredicate()::test));
            }
            return Collections.unmodifiableMap(labels);
        });
    }

    /** A label selector in kubectl's syntax: requirements separated by commas, each for one label. */
    static SettingForm<Optional<String>> labelSelector(String example) {
        return new SettingForm<>(
                "a label selector (KEY=VALUE, KEY!=VALUE, KEY in (A,B), KEY notin (A,B), KEY, !KEY; several separated by"
                        + " commas)",
                example,
                text -> optional(text).map(selector -> {
                    for (String each : selector.split(",(?![^(]*\\))", -1)) {
                        requirement(each.strip());
                    }
                    return selector;
                }));
    }

    private static void requirement(String text) {
        Matcher parts = REQUIREMENT.matcher(text);
        required(parts, Matcher::matches);
        String key = Stream.of("key", "set", "equal")
                .map(parts::group)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
        required(key, LABEL_KEY.asMatchPredicate()::test);
        String values = Stream.of("values", "value")
                .map(parts::group)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
        for (String each : values.split(",", -1)) {
            required(each.strip(), LABEL_VALUE.asMatchPredicate()::test);
        }
    }

    static SettingForm<String> leaseName(String example) {
        return new SettingForm<>(
                "a name of lower-case letters, digits, hyphens and dots",
                example,
                text -> required(text, LEASE_NAME.asMatchPredicate()::test));
    }

    /** A directory in a container, which is not checked to exist. */
    static SettingForm<String> containerPath(String example) {
        String expected = "an absolute path without \".\", \"..\" or a trailing slash";
        return new SettingForm<>(
                expected,
                example,
                text -> required(
                        text,
                        path -> path.matches("(/[^/\\p{Cntrl}]+)+")
                                && Stream.of(path.split("/")).noneMatch(Set.of(".", "..")::contains)));
    }

    static SettingForm<Optional<Path>> file(String example) {
        return new SettingForm<>("the absolute path of a file", example, text -> optional(text)
                .map(path -> required(Path.of(path), Path::isAbsolute)));
    }

    /** A name or an email address of a commit's author. */
    static SettingForm<String> identity(String example) {
        return new SettingForm<>(
                "one line of up to 200 characters without < and >",
                example,
                text -> required(text, IDENTITY.asMatchPredicate()::test));
    }

    private static Optional<String> optional(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static <V> V required(V value, Function<V, Boolean> accepted) {
        if (!accepted.apply(value)) {
            throw new IllegalArgumentException("invalid value");
        }
        return value;
    }
}
