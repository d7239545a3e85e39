package dev.sessionpublish.git;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Quotes a refusal that is about a secret without the secret. Hooks print what they found in many ways, some with the line
 * it was found in, so nothing is quoted but what has the form of a place: the full id of a commit, the path of a file made of
 * plain words, a line number, a link to the forge itself, and the kind of a secret as GitHub's push protection prints it. Everything else is dropped.
 *
 * @param forge the authority that links may lead to
 */
record SecretPlaces(String forge) {
    /** Words of a refusal about a secret, the names of scanners among them. */
    private static final Pattern WORDS = Pattern.compile(
            "secret|credential|passwor[dt]|passwd|passphrase|token|bearer|basic auth|(?<![a-z])(?:pwd|pw)(?![a-z])"
                    + "|[_-]pass(?![a-z])|(?:(?<![a-z])pass|authori[sz]ation)[\"']?\\s*[:=]"
                    + "|(?:api|access|private|ssh|encryption)[ _-]?key|leak"
                    + "|entropy|sensitive|gitguardian|ggshield|trufflehog|talisman",
            Pattern.CASE_INSENSITIVE);
    /** Forms of common secrets. */
    private static final Pattern FORMS = Pattern.compile(
            "\\b(?:A[KS]IA[0-9A-Z]{16}|gh[opsru]_[A-Za-z0-9]{16}|github_pat_|glpat-|xox[a-z]-|eyJ[A-Za-z0-9_-]{8})"
                    + "|-----BEGIN |://[^\\s/@:]*:[^\\s/@]+@");

    private static final Pattern COMMIT = Pattern.compile(
            "\\bcommit(?:[ _](?:id|sha|hash))?\"?[:= ]+\"?([0-9a-f]{64}|[0-9a-f]{40})\\b", Pattern.CASE_INSENSITIVE);

    private static final String PATH = "[\\p{L}\\p{N}._/+-]{1,200}";
    private static final String NAMED = "\\b(?:path|file(?:[ _]?(?:name|path))?|location)\"?[:=] *";
    private static final String END = "(?=$|[\\s:,;\"'`)])";
    private static final Pattern NAMED_PATH =
            Pattern.compile(NAMED + "[\"'`]?(" + PATH + ")(?!:[0-9])" + END, Pattern.CASE_INSENSITIVE);
    /** As compilers print it: at the start of a line, or after a word for a place. */
    private static final Pattern NUMBERED_PATH = Pattern.compile(
            "(?:^\\s*|\\b(?:in|at) |" + NAMED + ")[\"'`]?((?=[^\\s:]*[./])" + PATH + ":[0-9]{1,6})" + END,
            Pattern.CASE_INSENSITIVE);

    /** A path or link is split here, and each part is a plain word or none is quoted. */
    private static final Pattern SEPARATORS = Pattern.compile("[:._~/+-]+");
    /** Words without or with capitals, and a number after them. What is random, as most secrets are, is rarely of this form. */
    private static final Pattern PLAIN = Pattern.compile(
            "(?:\\p{Lu}{1,15}+|\\p{Lu}?+\\p{Ll}*+(?:\\p{Lu}\\p{Ll}{2,}+)*+)[0-9]{0,6}+|[0-9a-f]{64}|[0-9a-f]{40}");
    /** A word alone may be the secret, so only what has an extension is taken for a file. */
    private static final Pattern FILE =
            Pattern.compile("(?:[^/]*/)*+(?:\\.env|[^/]*\\p{L}[^/]*\\.\\p{L}[\\p{L}\\p{N}]{0,9})(?::[0-9]{1,6})?");

    private static final Pattern LINE_NUMBER = Pattern.compile(
            "\\b(?:start)?line(?:[ _]?(?:no|number))?\"?[:= ]+([0-9]{1,6})(?=$|[\\s,;)])", Pattern.CASE_INSENSITIVE);
    /** Where GitHub lets the user allow a secret. */
    private static final Pattern UNBLOCK = Pattern.compile(
            "(https://[A-Za-z0-9.:-]+/[A-Za-z0-9._-]+/[A-Za-z0-9._-]+/security/secret-scanning/unblock-secret/[A-Za-z0-9]+)");

    private static final Pattern LINK = Pattern.compile("https://([A-Za-z0-9.:-]+)/[A-Za-z0-9._~/-]*");
    private static final Pattern GITHUB =
            Pattern.compile("((?<=^|error: )GH\\d{3}(?=:)|\\bPush cannot contain secrets\\b)");
    /** As GitHub prints it between dashes of its own. */
    private static final Pattern KIND = Pattern.compile("\\u2014\\u2014 ([A-Za-z0-9 .()&/-]{1,80}) \\u2014{2,}");
    /** What git and GitHub say of the branch. */
    private static final Pattern DECLINED = Pattern.compile("(?:[a-z-]+ ){1,4}declined(?: due to [a-z ]+)?");

    /** Whether a text may repeat a secret. */
    static boolean mayBeIn(String text) {
        return WORDS.matcher(text).find() || FORMS.matcher(text).find();
    }

    /**
     * @param why the report's word on the branch
     * @param messages what hooks printed
     */
    String quote(String why, String messages) {
        Set<String> places = new LinkedHashSet<>();
        Stream.concat(Stream.of(why), messages.lines()).forEach(line -> addPlaces(line, places));
        String said = DECLINED.matcher(why).matches() ? why : "the push was declined";
        return said
                + (places.isEmpty() ? "" : ": " + String.join(", ", places))
                + ". The rest of the message is not shown, because it may contain the secret.";
    }

    private void addPlaces(String line, Set<String> places) {
        add(GITHUB, line, "", places);
        add(KIND, line, "", places);
        add(COMMIT, line, "commit ", places);
        addFiles(NUMBERED_PATH, line, places);
        addFiles(NAMED_PATH, line, places);
        add(LINE_NUMBER, line, "line ", places);
        add(UNBLOCK, line, "", places);
        Matcher link = LINK.matcher(line);
        while (link.find()) {
            String path = link.group().substring(link.end(1) - link.start());
            if (link.group(1).equalsIgnoreCase(forge) && isPlain(path)) {
                places.add(link.group());
            }
        }
    }

    private static void addFiles(Pattern place, String line, Set<String> places) {
        Matcher found = place.matcher(line);
        while (found.find()) {
            String path = found.group(1);
            if (FILE.matcher(path).matches() && isPlain(path)) {
                places.add(path);
            }
        }
    }

    private static boolean isPlain(String path) {
        return SEPARATORS.splitAsStream(path).allMatch(part -> PLAIN.matcher(part)
                .matches());
    }

    private static void add(Pattern place, String line, String label, Set<String> places) {
        Matcher found = place.matcher(line);
        while (found.find()) {
            places.add(label + found.group(1));
        }
    }
}
