package dev.sessionpublish.git;

import dev.sessionpublish.http.RetryAfter;
import dev.sessionpublish.http.UnexpectedStatus;
import dev.sessionpublish.outcome.Redactor;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import dev.sessionpublish.outcome.SharedReason;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/**
 * Maps a forge's HTTP error response to a git request to a reason and a message (status codes of RFC 9110; GitHub's
 * response texts for 403).
 */
public final class HttpRefusal {
    private static final int MAX_TEXT = 500;
    private static final int MAX_BODY = 8 * 1024;
    /** A sentence of a forge. A repository's name has no spaces, so it can't say this. */
    private static final Pattern ARCHIVED =
            Pattern.compile("\\b(?:was|is|been) archived(?![\\w/-])", Pattern.CASE_INSENSITIVE);

    private final Redactor redactor;

    public HttpRefusal(Redactor redactor) {
        this.redactor = redactor;
    }

    /** @param what the operation as a verb phrase for the message: "push to https://…" */
    public RefusedException of(ClassicHttpResponse response, String what) throws IOException {
        int status = response.getCode();
        String body = body(response);
        String said = body.isEmpty() ? "" : " The forge's message: " + SafeText.line(redactor.redact(body), MAX_TEXT);
        Function<String, Optional<String>> header =
                name -> Optional.ofNullable(response.getFirstHeader(name)).map(Header::getValue);
        Optional<RefusedException> notOfForge = UnexpectedStatus.notOfForge(status, header, body, "the forge");
        if (notOfForge.isPresent()) {
            return notOfForge.get();
        }
        Optional<Duration> retryAfter = RetryAfter.in(header);
        if (status == 429 || status == 403 && (retryAfter.isPresent() || body.contains("rate limit"))) {
            return new RefusedException(
                    SharedReason.RATE_LIMITED,
                    "The forge's rate limit was exceeded in an attempt to " + what + " (" + status
                            + "). The operator retries after the time that the forge requests." + said,
                    retryAfter);
        }
        return switch (status) {
            case 401 ->
                new RefusedException(
                        SharedReason.AUTH,
                        "The forge rejects the credential (401). Store a valid token in the project's Secret." + said);
            case 403 -> forbidden(body, what, said);
            case 404, 410 -> notFound(status, said);
            case 413 ->
                new RefusedException(
                        PushReason.PACK_TOO_LARGE,
                        "The request exceeds the size limit of the forge or of a proxy in front of it (413). Publish fewer"
                                + " changes at once, or ask the administrator to raise the limit."
                                + said);
            case 451 ->
                new RefusedException(
                        SharedReason.FORBIDDEN,
                        "The repository is not available for legal reasons (451). Ask its owner." + said);
            default ->
                UnexpectedStatus.isTransient(status)
                        ? serverError(status, what, said, retryAfter)
                        : new RefusedException(PushReason.REMOTE_REJECTED, rejected(status, what) + said);
        };
    }

    private static RefusedException serverError(int status, String what, String said, Optional<Duration> retryAfter) {
        String advice = status == 501
                ? " A proxy may not support chunked requests, as which packs of 1 MiB and more are sent."
                : "";
        return new RefusedException(
                SharedReason.SERVER_ERROR,
                "The forge or a proxy in front of it returned a server error in an attempt to " + what + " (" + status
                        + "). The operator retries." + advice + said,
                retryAfter);
    }

    private static String rejected(int status, String what) {
        return switch (status) {
            case 405 ->
                "The server allows no requests of this kind (405) in an attempt to " + what
                        + ". Check that the project's spec.repository is the URL of a git repository, and that the"
                        + " forge and the proxies in front of it allow pushes over HTTPS.";
            case 411 ->
                "A proxy in front of the forge refuses requests without a Content-Length (411), as which packs of 1 MiB"
                        + " and more are sent. Ask its administrator to allow requests with Transfer-Encoding: chunked"
                        + " (HTTP/1.1), or publish fewer changes at once.";
            case 414, 431 ->
                "The head of the request is too long for the forge or a proxy in front of it (" + status
                        + "). Check that the project's Secret contains a single token, and the length of the repository"
                        + " URL.";
            default ->
                "The forge returned an unexpected status in an attempt to " + what + " (" + status
                        + "). Check the repository URL and the forge's log.";
        };
    }

    private static RefusedException notFound(int status, String said) {
        return new RefusedException(
                SharedReason.NOT_FOUND,
                "The repository does not exist, or the credential has no access to it (" + status
                        + "). Check the project's spec.repository and the token's permissions." + said);
    }

    private static RefusedException forbidden(String body, String what, String said) {
        if (body.contains("SAML SSO")) {
            return new RefusedException(
                    SharedReason.SSO_REQUIRED,
                    "The organization requires single sign-on for the token. Authorize the token for the organization."
                            + said);
        }
        if (ARCHIVED.matcher(body).find()) {
            return new RefusedException(
                    SharedReason.ARCHIVED,
                    "The repository is archived and therefore read-only. Unarchive it, or publish to another repository."
                            + said);
        }
        if (body.startsWith("mirror repository is read-only")) { // Gitea and Forgejo
            return new RefusedException(
                    SharedReason.READ_ONLY,
                    "The repository is a pull mirror of another repository and takes no pushes. Publish to the repository"
                            + " that it mirrors, or convert the mirror to a regular repository." + said);
        }
        if (body.startsWith("Push to create is not enabled")) {
            return notFound(403, said); // Gitea and Forgejo, if the repository does not exist
        }
        return new RefusedException(
                SharedReason.FORBIDDEN,
                "The credential has no permission to " + what
                        + " (403). Grant the token write access to the repository's contents." + said);
    }

    private static String body(ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        if (entity == null
                || entity.getContentType() != null && entity.getContentType().contains("html")) {
            return "";
        }
        try (InputStream in = entity.getContent()) {
            return SafeText.decode(in.readNBytes(MAX_BODY)).strip();
        }
    }
}
