package dev.sessionpublish.git;

import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.Redactor;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import dev.sessionpublish.outcome.SharedReason;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Maps a remote's rejection of a push to a reason: by the status that git's receive-pack reports for the ref, and by
 * the codes (GHnnn) that GitHub prints on side band 2. Other hook output is quoted to the user but decides nothing.
 */
final class PushRefusal {
    private static final int MAX_TEXT = 1_500;
    /**
     * Gitea and Forgejo accept the start of a push by a user with read access and reject it with this untranslated line
     * of their hook.
     */
    private static final Pattern GITEA_DENIES =
            Pattern.compile("\\s*((error|Gitea|Forgejo): )?User permission denied for writing\\.\\s*");

    private static final Pattern CODE = Pattern.compile("(?m)^\\s*(?:remote: )?(?:error: )?(GH\\d{3}):");
    private static final String TOO_LARGE = "fatal: pack exceeds maximum allowed size";
    /** What git prints when the pack builds on objects that the remote lacks. */
    private static final Pattern LACKS = Pattern.compile(
            "(?m)^\\s*(?:remote: )?(?:fatal|error): (?:did not receive expected object|.*\\bunresolved deltas?\\b)");

    private final Redactor redactor;
    private final SecretPlaces places;

    /** @param forge the authority of the forge */
    PushRefusal(Redactor redactor, String forge) {
        this.redactor = redactor;
        this.places = new SecretPlaces(forge);
    }

    /** The outcome of a push whose report is not a success. */
    PushAnswer answer(PushReport report) throws RefusedException {
        if (!report.unpack().equals("ok")) {
            RefusedException failed = unpackFailed(report);
            if (failed.reason() != PushReason.REMOTE_REJECTED) {
                throw failed; // a rule of the forge; sending more objects would not help
            }
            return new PushAnswer.ObjectsMissing(
                    failed, LACKS.matcher(report.messages()).find());
        }
        String why = report.refusal().orElse("");
        String said = why.toLowerCase(Locale.ROOT);
        if (said.startsWith("missing necessary objects")) {
            return new PushAnswer.ObjectsMissing(
                    new RefusedException(
                            PushReason.REMOTE_REJECTED,
                            "The forge reports missing objects in the pack. Run `git fsck` in the checkout. The forge's message: "
                                    + text(report)),
                    true);
        }
        if (said.startsWith("failed to update ref")
                || said.startsWith("failed to lock")
                || said.startsWith("cannot lock ref")
                || said.contains("reference already exists")
                || said.startsWith("reference does not exist")
                || said.startsWith("refname conflict")
                || said.startsWith("incorrect old value")
                || said.equals("internal server error")) {
            return new PushAnswer.Unsettled(new RefusedException(
                    SharedReason.SERVER_ERROR,
                    "The forge failed to update the branch. The operator retries. The forge's message: "
                            + text(report)));
        }
        throw new RefusedException(
                reason(said, report.messages()),
                "The forge rejected the push. Fix the cause, then retry. The forge's message: " + text(report));
    }

    private RefusedException unpackFailed(PushReport report) {
        boolean tooLarge =
                report.messages().lines().anyMatch(line -> line.strip().startsWith(TOO_LARGE));
        Reason reason = tooLarge ? PushReason.PACK_TOO_LARGE : codeOf(report.messages(), PushReason.REMOTE_REJECTED);
        return new RefusedException(
                reason,
                "The forge failed to unpack the pack. Fix the cause, then retry. The forge's message: " + text(report));
    }

    private static Reason reason(String said, String messages) {
        if (said.startsWith("non-fast-forward") || said.startsWith("denying non-fast-forward")) {
            return PushReason.NON_FAST_FORWARD;
        }
        if (said.startsWith("shallow update not allowed")) {
            return PushReason.SHALLOW;
        }
        if (said.startsWith("refusing to allow ") && said.contains("create or update workflow `")) {
            return PushReason.WORKFLOW_PERMISSION;
        }
        if (said.startsWith("pre-receive hook declined")
                && messages.lines().anyMatch(line -> GITEA_DENIES.matcher(line).matches())) {
            return SharedReason.FORBIDDEN;
        }
        return codeOf(messages, PushReason.REMOTE_REJECTED);
    }

    private static Reason codeOf(String messages, Reason otherwise) {
        return switch (code(messages)) {
            case "GH001" -> PushReason.FILE_TOO_LARGE;
            case "GH008" -> PushReason.LFS;
            case "GH009" -> PushReason.PUSH_PROTECTION;
            case "GH013" -> messages.contains("Push cannot contain secrets") ? PushReason.PUSH_PROTECTION : otherwise;
            default -> otherwise;
        };
    }

    /** GitHub's code, which begins a line. The names of files and branches, which may hold anything, don't. */
    private static String code(String messages) {
        Matcher code = CODE.matcher(messages);
        return code.find() ? code.group(1) : "";
    }

    /** Whether the message may repeat a secret. What GitHub itself prints for its other rules doesn't. */
    private static boolean isAboutASecret(String why, String messages) {
        if (codeOf(messages, PushReason.REMOTE_REJECTED) == PushReason.PUSH_PROTECTION) {
            return true;
        }
        return code(messages).isEmpty()
                && (SecretPlaces.mayBeIn(messages)
                        || reason(why.toLowerCase(Locale.ROOT), messages) == PushReason.REMOTE_REJECTED
                                && SecretPlaces.mayBeIn(why));
    }

    private String text(PushReport report) {
        String why = report.unpack().equals("ok") ? report.refusal().orElse("") : report.unpack();
        return text(why, report.messages());
    }

    /** The remote's message as one line, starting with the most important part. */
    String text(String why, String messages) {
        String clean = redactor.redact(messages);
        String cleanWhy = redactor.redact(why);
        return SafeText.line(
                isAboutASecret(cleanWhy, clean) ? places.quote(cleanWhy, clean) : quote(cleanWhy, clean), MAX_TEXT);
    }

    private static String quote(String why, String messages) {
        List<String> lines = messages.lines()
                .map(line -> line.replaceFirst("^(remote: )?(error: )?", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
        int first = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).matches("GH\\d{3}:.*")) {
                first = i;
                break;
            }
        }
        // The lines from the GHnnn code on come first. GitHub prints the name of a too large file before the code.
        String said = Stream.concat(lines.stream().skip(first), lines.stream().limit(first))
                .distinct()
                .collect(Collectors.joining(" "));
        return said.isEmpty() ? why : why + ": " + said;
    }
}
