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
import org.junit.jupiter.params.provider.ValueSource;

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
                "405 | not allowed | REMOTE_REJECTED",
                "407 | log in | NETWORK",
                "411 | length required | REMOTE_REJECTED",
                "414 | too long | REMOTE_REJECTED",
                "417 | no expectations | REMOTE_REJECTED",
                "418 | teapot | REMOTE_REJECTED",
                "421 | misdirected | SERVER_ERROR",
                "425 | too early | SERVER_ERROR",
                "426 | upgrade | REMOTE_REJECTED",
                "431 | headers too large | REMOTE_REJECTED",
                "451 | takedown | FORBIDDEN",
                "499 | client closed request | SERVER_ERROR",
                "501 | not implemented | SERVER_ERROR",
                "505 | version | SERVER_ERROR",
                "507 | full | SERVER_ERROR",
                "509 | bandwidth | SERVER_ERROR",
                "511 | captive portal | NETWORK",
                "520 | error code: 520 | SERVER_ERROR",
                "522 | error code: 522 | SERVER_ERROR",
                "524 | error code: 524 | SERVER_ERROR",
                "530 | error code: 1016 | SERVER_ERROR",
                "403 | error code: 1020 | NETWORK",
                "302 | elsewhere | REMOTE_REJECTED",
                "401 | rate limit exceeded | AUTH",
                "403 | You have exceeded a secondary rate limit. Please wait a few minutes. | RATE_LIMITED",
                "403 | API rate limit exceeded for user ID 1. | RATE_LIMITED"
            })
    void theStatusDecides(int status, String body, @ReasonByName Reason reason) throws IOException {
        assertThat(refusal(answer(status, body)).reason()).isEqualTo(reason);
        if (reason != SharedReason.NETWORK) {
            assertThat(refusal(answer(status, body))).hasMessageContaining(body);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, NETWORK",
        "403, NETWORK",
        "405, NETWORK",
        "406, NETWORK",
        "202, NETWORK",
        "401, AUTH",
        "404, NOT_FOUND",
        "411, REMOTE_REJECTED",
        "413, PACK_TOO_LARGE",
        "414, REMOTE_REJECTED",
        "429, RATE_LIMITED",
        "431, REMOTE_REJECTED",
        "451, FORBIDDEN",
        "502, SERVER_ERROR",
        "503, SERVER_ERROR"
    })
    void aPageIsNotTheForgesUnlessItsStatusIsClear(int status, @ReasonByName Reason reason) throws IOException {
        BasicClassicHttpResponse page = new BasicClassicHttpResponse(status);
        page.setEntity(new StringEntity("<html>Just a moment...</html>", ContentType.TEXT_HTML));
        page.setHeader("Content-Type", "text/html; charset=UTF-8");
        assertThat(refusal(page).reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cf-mitigated", "x-amzn-waf-action"})
    void theChallengeOfAFirewallIsNeverPermanent(String header) throws IOException {
        BasicClassicHttpResponse challenge = answer(403, "{}");
        challenge.setHeader(header, "challenge");
        challenge.setHeader("Retry-After", "7");
        RefusedException refused = refusal(challenge);
        assertThat(refused.reason()).isEqualTo(SharedReason.NETWORK);
        assertThat(refused.retryAfter()).contains(Duration.ofSeconds(7));
        assertThat(refused).hasMessageContaining("the challenge of a firewall in front of the forge (403)");
    }

    @Test
    void whatAProxyCanNotCarrySaysWhatToChangeThere() throws IOException {
        assertThat(refusal(answer(411, ""))).hasMessageContaining("Transfer-Encoding: chunked");
        assertThat(refusal(answer(501, ""))).hasMessageContaining("chunked");
        assertThat(refusal(answer(431, ""))).hasMessageContaining("a single token");
        assertThat(refusal(answer(405, ""))).hasMessageContaining("spec.repository");
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
