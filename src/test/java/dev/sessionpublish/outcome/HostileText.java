package dev.sessionpublish.outcome;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Random text that is made of what tends to break parsers and displays; the same for the same seed. */
public final class HostileText {
    private static final List<String> PIECES = List.of(
            "a",
            "b",
            "feature",
            "Z",
            "0",
            "9",
            " ",
            "  ",
            "\n",
            "\r\n",
            "\r",
            "\t",
            "\0",
            "\u001B[31m",
            "\u007F",
            "\u0085",
            "\u2028",
            "/",
            "//",
            "\\",
            ".",
            "..",
            ".git",
            ".lock",
            "-",
            "--",
            "@",
            "@{",
            "~",
            "^",
            ":",
            "?",
            "*",
            "[",
            "]",
            "#",
            "%",
            "%2F",
            "%00",
            "+",
            "&",
            "=",
            "'",
            "\"",
            "`",
            "$(x)",
            ";",
            "|",
            "<",
            ">",
            "<!--",
            "-->",
            "```",
            "](",
            "é",
            "e\u0301",
            "ß",
            "ı",
            "İ",
            "日本",
            "я",
            "👨‍👩‍👧",
            "🇩🇪",
            "❤️",
            "👍🏽",
            "\uD83D",
            "\uDE00",
            "\u202E",
            "\u200B",
            "\u200D",
            "\uFE0F",
            "\uFEFF",
            "\u00AD",
            "\u00A0",
            "\u3000",
            "\uFFFF",
            "\u3164",
            "\uDB40\uDC41",
            "\u0301\u0301\u0301",
            "https://",
            "ssh://",
            "git@",
            "github.com",
            "HEAD",
            "refs/heads/");

    private HostileText() {}

    public static Stream<String> texts(long seed, int count) {
        Random random = new Random(seed);
        return Stream.generate(() -> text(random)).limit(count);
    }

    /** The text with some pieces put in, taken out or swapped. */
    public static Stream<String> mutations(String text, long seed, int count) {
        Random random = new Random(seed);
        return Stream.generate(() -> {
                    StringBuilder mutated = new StringBuilder(text);
                    for (int n = 1 + random.nextInt(3); n > 0; n--) {
                        int at = random.nextInt(mutated.length() + 1);
                        int end = Math.min(mutated.length(), at + random.nextInt(3));
                        mutated.replace(at, end, random.nextBoolean() ? piece(random) : "");
                    }
                    return mutated.toString();
                })
                .limit(count);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(12); n > 0; n--) {
            text.append(piece(random));
        }
        return text.toString();
    }

    private static String piece(Random random) {
        return random.nextInt(8) == 0
                ? Character.toString(random.nextInt(Character.MAX_CODE_POINT + 1))
                : PIECES.get(random.nextInt(PIECES.size()));
    }
}
