package dev.sessionpublish.publish.plan;

import dev.sessionpublish.outcome.SafeText;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Text of an agent, quoted so that it mentions nobody, closes no issue and can't leave its quotation.
 *
 * <p>In Markdown a zero-width space, written as the entity {@code &ZeroWidthSpace;}, breaks {@code @name}, {@code #12},
 * {@code !12}, {@code GH-12} and the addresses of issues and pull requests. Gitea and Forgejo look for references in the
 * source and find an entity; GitHub looks in the rendered text and finds the space; a reader sees neither. An entity,
 * unlike the character, survives the removal of invisible characters. {@code &} and {@code <} become entities first, so
 * that there is no HTML, no comment, and no other way to write an {@code @}. In code, entities show as they are. A title
 * is not Markdown: there an ordinary space breaks a reference.
 */
final class AgentText {
    private static final String BREAK = "&ZeroWidthSpace;";
    private static final Pattern NUMBER_MARK = Pattern.compile("#(?![#\\s]|$)");
    private static final Pattern EXCLAMATION = Pattern.compile("!(?=[\\[0-9])");
    private static final Pattern GITHUB_ISSUE = Pattern.compile("(?i)(gh)(?=\\\\?-\\\\?[0-9])");
    private static final Pattern ISSUE_ADDRESS = Pattern.compile("(?i)(issues|pulls?|discussions)(?=\\\\?/)");
    private static final Pattern MARKUP = Pattern.compile("[\\\\`*_\\[\\]~|$]");

    /** What Markdown doesn't show: tags, comments, entities of one character, destinations of links, an opening fence. */
    private static final Pattern NOT_SHOWN =
            Pattern.compile("<!--.*?(?:-->|$)|</?[A-Za-z][A-Za-z0-9-]*(?:\\s[^<>]*)?/?>"
                    + "|&#?\\w{1,31};|(?<=\\])\\([^()]*\\)|^\\[[^\\]]*\\]:\\s*<?[A-Za-z]+://.*$"
                    + "|^(?:`{3,}|~{3,})\\s*[^\\s`~]*$");

    private static final Pattern LIST_ITEM = Pattern.compile("[>\\s]*(?:[-*+]|\\d{1,9}[.)])?\\s*(?:\\[[ xX]\\])?\\s*");

    private AgentText() {}

    /** Markdown, kept as such, within a block quote that nothing in it can end. */
    static String quoted(String markdown) {
        return SafeText.paragraphs(markdown)
                .lines()
                .map(line -> "> " + withoutReferences(line))
                .map(String::stripTrailing)
                .collect(Collectors.joining("\n"));
    }

    /** One line of plain text within a line of Markdown: every character shows as it is. */
    static String literal(String line, int maxBytes) {
        String escaped = MARKUP.matcher(SafeText.line(line, maxBytes)).replaceAll(mark -> "\\\\\\" + mark.group());
        return withoutReferences(escaped);
    }

    /** One line of plain text for a title. */
    static String titled(String line, int maxBytes) {
        String text = SafeText.line(line, maxBytes)
                .replaceAll("(?<![A-Za-z0-9])@(?=[A-Za-z0-9])", "@ ")
                .replaceAll("([#!])(?=[0-9])", "$1 ")
                .replaceAll("(?i)\\b(gh)-(?=[0-9])", "$1 ")
                .replaceAll("(?i)(issues|pulls?|discussions)/(?=[0-9])", "$1/ ");
        return text;
    }

    /**
     * Whether a line has nothing to read but Markdown's markup and punctuation: no letter, no digit that isn't the number
     * of a list item, and no symbol such as an emoji.
     */
    static boolean isMarkupAlone(String line) {
        String shown = NOT_SHOWN.matcher(line).replaceAll("");
        return LIST_ITEM.matcher(shown).matches() || shown.codePoints().noneMatch(AgentText::isReadable);
    }

    private static boolean isReadable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.OTHER_SYMBOL, Character.MATH_SYMBOL, Character.CURRENCY_SYMBOL ->
                codePoint > 0x7F && codePoint != 0xFFFD && !isDrawing(codePoint);
            default -> Character.isLetterOrDigit(codePoint);
        };
    }

    /** Lines, boxes, blocks and Braille dots, including the empty one. */
    private static boolean isDrawing(int codePoint) {
        return codePoint >= 0x2500 && codePoint <= 0x259F || codePoint >= 0x2800 && codePoint <= 0x28FF;
    }

    private static String withoutReferences(String line) {
        String text = line.replace("&", "&amp;").replace("<", "&lt;");
        // Footnotes are shown at the end of the page, out of the quote.
        text = text.replace("[^", "[" + BREAK + "^").replace("@", "@" + BREAK);
        text = NUMBER_MARK.matcher(text).replaceAll("#" + BREAK);
        text = EXCLAMATION.matcher(text).replaceAll("!" + BREAK);
        text = GITHUB_ISSUE.matcher(text).replaceAll("$1" + BREAK);
        return ISSUE_ADDRESS.matcher(text).replaceAll("$1" + BREAK);
    }
}
