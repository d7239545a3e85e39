package dev.sessionpublish.git;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Glob patterns of protected branches. An ambiguous pattern matches more rather than less. {@code *} matches any text
 * including slashes, so {@code release/*} also protects {@code release/1/2}; {@code **} is equivalent. {@code ?}
 * matches any one character. {@code [a-z]} and {@code [!a-z]} match one character of a set; an unterminated set matches
 * any one character. Matching ignores case in every script and locale. A leading {@code refs/heads/} and empty patterns
 * are ignored. Matching time is bounded by the product of the lengths.
 */
public final class BranchPatterns {
    private final List<Pattern> patterns;

    /** A pattern with both kinds of case folding; see {@link #fold} and {@link #foldEach}. */
    private record Pattern(String written, Glob whole, Glob each) {
        static Pattern of(String written) {
            String glob = written.startsWith("refs/heads/") ? written.substring(11) : written;
            return new Pattern(written, Glob.parse(fold(glob)), Glob.parse(foldEach(glob)));
        }
    }

    private BranchPatterns(List<Pattern> patterns) {
        this.patterns = patterns;
    }

    public static BranchPatterns of(List<String> patterns) {
        return new BranchPatterns(patterns.stream().map(Pattern::of).toList());
    }

    public boolean matches(BranchName branch) {
        return firstMatch(branch).isPresent();
    }

    /** The first pattern, as written, that matches the branch. */
    public Optional<String> firstMatch(BranchName branch) {
        int[] whole = fold(branch.value()).codePoints().toArray();
        int[] each = foldEach(branch.value()).codePoints().toArray();
        return patterns.stream()
                .filter(pattern ->
                        pattern.whole().matches(whole) || pattern.each().matches(each))
                .map(Pattern::written)
                .findFirst();
    }

    /** Whether two names are equal if case is ignored, as on a case-insensitive file system. */
    public static boolean sameIgnoringCase(BranchName one, BranchName other) {
        return fold(one.value()).equals(fold(other.value()));
    }

    /**
     * Full case folding, which can change the length: {@code ß} becomes {@code ss}. Independent of context and locale.
     */
    private static String fold(String text) {
        return text.toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT)
                .replace('\u03C2', '\u03C3')
                .replace("i\u0307", "i");
    }

    /** Simple case folding, which keeps the number of characters, so that {@code ?} matches exactly one. */
    private static String foldEach(String text) {
        return text.codePoints()
                .map(c -> Character.toLowerCase(Character.toUpperCase(c)))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** A parsed pattern. Each step matches one character, or any number of characters if {@code anyText} is true. */
    private record Glob(List<IntPredicate> steps, List<Boolean> anyText) {

        static Glob parse(String folded) {
            int[] glob = folded.codePoints().toArray();
            List<IntPredicate> steps = new ArrayList<>();
            List<Boolean> anyText = new ArrayList<>();
            for (int at = 0; at < glob.length; ) {
                int c = glob[at];
                int end = c == '[' ? endOfSet(glob, at) : at;
                steps.add(c == '*' || c == '?' || end < 0 ? any -> true : end > at ? set(glob, at, end) : is(c));
                anyText.add(c == '*');
                at = end < 0 ? glob.length : end + 1;
            }
            return new Glob(steps, anyText);
        }

        boolean matches(int[] name) {
            int at = 0;
            int step = 0;
            int star = -1;
            int resume = 0;
            while (at < name.length) {
                if (step < steps.size() && anyText.get(step)) {
                    star = step++;
                    resume = at;
                } else if (step < steps.size() && steps.get(step).test(name[at])) {
                    step++;
                    at++;
                } else if (star >= 0) {
                    step = star + 1;
                    at = ++resume;
                } else {
                    return false;
                }
            }
            while (step < steps.size() && anyText.get(step)) {
                step++;
            }
            return step == steps.size() && !steps.isEmpty();
        }

        private static IntPredicate is(int expected) {
            return c -> c == expected;
        }

        private static int endOfSet(int[] glob, int start) {
            int first = start + 1;
            if (first < glob.length && isNot(glob[first])) {
                first++;
            }
            for (int at = first + 1; at < glob.length; at++) {
                if (glob[at] == ']') {
                    return at;
                }
            }
            return -1;
        }

        private static IntPredicate set(int[] glob, int start, int end) {
            boolean not = isNot(glob[start + 1]);
            int first = not ? start + 2 : start + 1;
            return c -> contains(glob, first, end, c) != not;
        }

        private static boolean contains(int[] glob, int first, int end, int c) {
            for (int at = first; at < end; at++) {
                boolean range = at + 2 < end && glob[at + 1] == '-';
                if (c >= glob[at] && c <= glob[range ? at + 2 : at]) {
                    return true;
                }
                at += range ? 2 : 0;
            }
            return false;
        }

        private static boolean isNot(int c) {
            return c == '!' || c == '^';
        }
    }
}
