package dev.sessionpublish.git;

import dev.sessionpublish.http.RetryAfter;
import dev.sessionpublish.outcome.Redactor;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SafeText;
import dev.sessionpublish.outcome.SharedReason;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/** Reads a forge's HTTP refusal of a git request (RFC 9110's status codes; GitHub's texts for 403). */
public final class HttpRefusal {
    private static final int MAX_TEXT = 500;
    private static final int MAX_BODY = 8 * 1024;

    private final Redactor redactor;

    public HttpRefusal(Redactor redactor) {
        this.redactor = redactor;
    }

    /** @param what what was asked, for the sentence: "push to https://…" */
    public RefusedException of(ClassicHttpResponse response, String what) throws IOException {
        int status = response.getCode();
        String body = body(response);
        String said = body.isEmpty() ? "" : " It said: " + SafeText.line(redactor.redact(body), MAX_TEXT);
        Optional<Duration> retryAfter = RetryAfter.in(
                name -> Optional.ofNullable(response.getFirstHeader(name)).map(Header::getValue));
        if (status == 429 || status == 403 && (retryAfter.isPresent() || body.contains("rate limit"))) {
            return new RefusedException(
                    SharedReason.RATE_LIMITED,
                    "The forge limits how often one may " + what + "; the next attempt waits as it asks." + said,
                    retryAfter);
        }
        return switch (status) {
            case 401 ->
                new RefusedException(
                        SharedReason.AUTH,
                        "The forge does not accept the credential (401). Put a valid token into the project's Secret."
                                + said);
            case 403 -> forbidden(body, what, said);
            case 404, 410 -> notFound(status, said);
            case 413 ->
                new RefusedException(
                        PushReason.PACK_TOO_LARGE,
                        "The forge takes no request of this size (413). Publish less at once, or have the forge's limit raised."
                                + said);
            default ->
                status >= 500 || status == 408
                        ? new RefusedException(
                                SharedReason.SERVER_ERROR,
                                "The forge failed to " + what + " (" + status + ")." + said,
                                retryAfter)
                        : new RefusedException(
                                PushReason.REMOTE_REJECTED,
                                "The forge answered " + status + " when asked to " + what + "." + said);
        };
    }

    private static RefusedException notFound(int status, String said) {
        return new RefusedException(
                SharedReason.NOT_FOUND,
                "The forge has no such repository, or the credential may not see it (" + status
                        + "). Check the project's repository and what the token was granted." + said);
    }

    private static RefusedException forbidden(String body, String what, String said) {
        if (body.contains("SAML SSO")) {
            return new RefusedException(
                    SharedReason.SSO_REQUIRED,
                    "The organisation demands single sign-on for this token: authorize the token for the organisation."
                            + said);
        }
        if (body.contains("archived")) {
            return new RefusedException(
                    SharedReason.ARCHIVED,
                    "The repository is archived and takes no pushes: unarchive it, or publish elsewhere." + said);
        }
        if (body.startsWith("Push to create is not enabled")) {
            return notFound(403, said); // Gitea and Forgejo, of a repository that isn't there
        }
        return new RefusedException(
                SharedReason.FORBIDDEN,
                "The credential may not " + what + " (403). Give the token write access to the repository's contents."
                        + said);
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
