package dev.sessionpublish.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.publish.ReasonByName;
import java.io.IOException;
import java.time.Duration;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpRefusalTest {
    private static final Token TOKEN = new Token("ghp_canary0123456789");

    private static BasicClassicHttpResponse answer(int status, String body) {
        BasicClassicHttpResponse answer = new BasicClassicHttpResponse(status);
        answer.setEntity(new StringEntity(body, ContentType.TEXT_PLAIN));
        return answer;
    }

    private static RefusedException refusal(BasicClassicHttpResponse answer) throws IOException {
        return new HttpRefusal(TOKEN.redactor()).of(answer, "push to https://x.invalid/a/b.git");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | Invalid username or token. | AUTH",
                "403 | Permission to acme/web.git denied to agent-bot. | FORBIDDEN",
                "403 | The 'acme' organization has enabled or enforced SAML SSO. | SSO_REQUIRED",
                "403 | This repository was archived so it is read-only. | ARCHIVED",
                "403 | mirror repository is read-only | READ_ONLY",
                "403 | Permission to acme/mirror repository is read-only.git denied to agent-bot. | FORBIDDEN",
                "403 | Permission to acme/archived-tools.git denied to agent-bot. | FORBIDDEN",
                "403 | Permission to acme/archived.git denied to agent-bot. | FORBIDDEN",
                "403 | The repository is archived/tools, which you may not push to. | FORBIDDEN",
                "403 | Permission to acme/rate-limit.git denied to SAML-SSO. | FORBIDDEN",
                "403 | This repo is archived. You can view files and clone it. | ARCHIVED",
                "403 | Push to create is not enabled for organizations. | NOT_FOUND",
                "404 | Repository not found. | NOT_FOUND",
                "410 | Gone | NOT_FOUND",
                "413 | too large | PACK_TOO_LARGE",
                "429 | slow down | RATE_LIMITED",
                "408 | took too long | SERVER_ERROR",
                "500 | oops | SERVER_ERROR",
                "502 | bad gateway | SERVER_ERROR",
                "503 | maintenance | SERVER_ERROR",
                "504 | timeout | SERVER_ERROR",
                "400 | bad request | REMOTE_REJECTED",
                "418 | teapot | REMOTE_REJECTED",
                "302 | elsewhere | REMOTE_REJECTED",
                "401 | rate limit exceeded | AUTH",
                "403 | You have exceeded a secondary rate limit. Please wait a few minutes. | RATE_LIMITED",
                "403 | API rate limit exceeded for user ID 1. | RATE_LIMITED"
            })
    void theStatusDecides(int status, String body, @ReasonByName Reason reason) throws IOException {
        assertThat(refusal(answer(status, body)).reason()).isEqualTo(reason);
        assertThat(refusal(answer(status, body))).hasMessageContaining(body);
    }

    @Test
    void aForbiddenThatSaysWhenToComeBackIsALimit() throws IOException {
        BasicClassicHttpResponse answer = answer(403, "You have exceeded a secondary rate limit.");
        answer.setHeader("Retry-After", "60");
        RefusedException refused = refusal(answer);
        assertThat(refused.reason()).isEqualTo(SharedReason.RATE_LIMITED);
        assertThat(refused.retryAfter()).contains(Duration.ofSeconds(60));
    }

    @Test
    void anOverloadedServersWishIsKept() throws IOException {
        BasicClassicHttpResponse answer = answer(503, "");
        answer.setHeader("Retry-After", "7");
        assertThat(refusal(answer).retryAfter()).contains(Duration.ofSeconds(7));
    }

    @Test
    void aPageIsNotQuotedAndNoBodyIsNoMatter() throws IOException {
        BasicClassicHttpResponse page = new BasicClassicHttpResponse(502);
        page.setEntity(new StringEntity("<html>nginx</html>", ContentType.TEXT_HTML));
        assertThat(refusal(page)).hasMessageNotContaining("nginx");
        assertThat(refusal(new BasicClassicHttpResponse(500)).reason()).isEqualTo(SharedReason.SERVER_ERROR);
    }

    @Test
    void theQuoteIsOneBoundedLineWithoutTheToken() throws IOException {
        RefusedException refused =
                refusal(answer(403, TOKEN.value() + "\r\n\u001b[2J" + TOKEN.basic() + "x".repeat(100_000)));
        assertThat(refused.getMessage())
                .hasSizeLessThan(800)
                .contains("[redacted]")
                .doesNotContain(TOKEN.value(), "\n", "\u001b", TOKEN.basic().substring(6));
    }
}
