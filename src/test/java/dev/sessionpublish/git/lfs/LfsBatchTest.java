package dev.sessionpublish.git.lfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.publish.ReasonByName;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LfsBatchTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final LfsObject ONE = new LfsObject("1".repeat(64), 1);
    private static final LfsObject TWO = new LfsObject("2".repeat(64), 2);
    private static final LfsBatch BATCH = new LfsBatch(
            Set.of("forge.example.com", "store.example.com:8443"),
            new Token("ghp_canary").redactor(),
            Clock.fixed(NOW, ZoneOffset.UTC));

    private static List<LfsTransfer> answer(List<LfsObject> asked, String... objects) throws Exception {
        return BATCH.answer(asked, new ObjectMapper().readTree("{\"objects\":[" + String.join(",", objects) + "]}"));
    }

    private static RefusedException refused(List<LfsObject> asked, String... objects) {
        return catchThrowableOfType(RefusedException.class, () -> answer(asked, objects));
    }

    private static String upload(LfsObject object, String href, String more) {
        return "{\"oid\":\"" + object.oid() + "\",\"actions\":{\"upload\":{\"href\":\"" + href + "\"" + more + "}}}";
    }

    private static LfsTransfer wanted(String href, String more) throws Exception {
        return answer(List.of(ONE), upload(ONE, href, more)).get(0);
    }

    @Test
    void theRequestNamesBranchAndObjects() {
        assertThat(LfsBatch.request(List.of(ONE, TWO), "refs/heads/agent/żółw").toString())
                .isEqualTo("{\"operation\":\"upload\",\"hash_algo\":\"sha256\",\"transfers\":[\"basic\"],"
                        + "\"ref\":{\"name\":\"refs/heads/agent/żółw\"},\"objects\":[{\"oid\":\"" + ONE.oid()
                        + "\",\"size\":1},{\"oid\":\"" + TWO.oid() + "\",\"size\":2}]}");
    }

    @Test
    void whatHasNoUploadIsThereAlready() throws Exception {
        assertThat(answer(
                        List.of(ONE, TWO),
                        "{\"oid\":\"" + ONE.oid() + "\",\"size\":1}",
                        upload(TWO, "https://forge.example.com/x", "")))
                .extracting(LfsTransfer::object)
                .containsExactly(TWO);
        assertThat(answer(List.of(ONE), "{\"oid\":\"" + ONE.oid() + "\",\"actions\":null,\"error\":null}"))
                .isEmpty();
    }

    @Test
    void anObjectOfWhichNothingIsSaidIsNotTakenForPresent() {
        assertThat(refused(List.of(ONE, TWO), upload(ONE, "https://forge.example.com/x", ""))
                        .reason())
                .isEqualTo(SharedReason.SERVER_ERROR);
        assertThat(refused(List.of(ONE)).getMessage()).contains(ONE.oid());
    }

    @Test
    void anotherTransferThanTheBasicOneIsNotSpoken() {
        RefusedException refused = catchThrowableOfType(
                RefusedException.class,
                () -> BATCH.answer(List.of(), new ObjectMapper().readTree("{\"transfer\":\"tus\\u001b[0m\"}")));
        assertThat(refused.reason()).isEqualTo(PushReason.LFS);
        assertThat(refused.getMessage()).contains("transfer adapter tus");
    }

    @ParameterizedTest
    @CsvSource({
        "404, LFS",
        "409, LFS",
        "410, LFS",
        "422, LFS",
        "413, FILE_TOO_LARGE",
        "429, RATE_LIMITED",
        "500, SERVER_ERROR",
        "503, SERVER_ERROR",
        "507, LFS",
        "509, LFS",
        "0, LFS"
    })
    void anObjectsOwnErrorIsReadAndQuotedWithoutTheToken(int code, @ReasonByName Reason reason) {
        RefusedException refused = refused(
                List.of(ONE),
                "{\"oid\":\"" + ONE.oid() + "\",\"error\":{\"code\":" + code
                        + ",\"message\":\"no room for\\nghp_canary\"}}");
        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(refused.getMessage())
                .contains(ONE.oid(), "no room for ")
                .doesNotContain("ghp_canary")
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://forge.example.com/store?a=b",
                "https://FORGE.example.com:443/store",
                "https://store.example.com:8443/store"
            })
    void aListedHostIsFollowed(String href) throws Exception {
        assertThat(wanted(href, "").upload().href()).hasToString(href);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://forge.example.com/store",
                "https://store.example.com/store",
                "https://forge.example.com:444/store",
                "https://forge.example.com.evil.example/store",
                "https://forge.example.com@evil.example/store",
                "https://user@forge.example.com/store",
                "https://169.254.169.254/latest",
                "https://[::1]/store",
                "https:///store",
                "file:///etc/passwd",
                "/store"
            })
    void aHostThatIsNotListedIsNotFollowed(String href) {
        RefusedException refused = refused(List.of(ONE), upload(ONE, href, ""));
        assertThat(refused.reason()).isEqualTo(PushReason.LFS);
        assertThat(refused.getMessage()).contains("lfsHosts", "SESSION_PUBLISH_FORGES");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://a b/", "https://forge.example.com\\\\@evil.example/", "%%"})
    void whatIsNoUrlIsAServerError(String href) {
        assertThat(refused(List.of(ONE), upload(ONE, href, "")).reason()).isEqualTo(SharedReason.SERVER_ERROR);
    }

    @Test
    void whatDirectsARequestElsewhereIsNotSentAlong() throws Exception {
        assertThat(wanted(
                                "https://forge.example.com/x",
                                ",\"header\":{\"Authorization\":\"RemoteAuth 1\",\"HOST\":\"evil\",\"Transfer-Encoding\":\"chunked\","
                                        + "\"Content-Length\":\"7\",\"Connection\":\"close\",\"X-Amz\":\"2\"}")
                        .upload()
                        .header())
                .isEqualTo(Map.of("Authorization", "RemoteAuth 1", "X-Amz", "2"));
    }

    @ParameterizedTest
    @CsvSource({
        "'\"expires_in\":60', 49, 51",
        "'\"expires_at\":\"2026-11-21T12:01:00Z\"', 49, 51",
        "'\"expires_at\":\"2026-11-21T14:01:00+02:00\"', 49, 51",
        "'\"expires_in\":60,\"expires_at\":\"2026-11-21T11:00:00Z\"', 49, 51",
        "'\"expires_in\":9223372036854775807', 31535000, 31536000",
    })
    void leaveEndsALittleBeforeTheForgeSaysSo(String json, long still, long over) throws Exception {
        LfsTransfer transfer = wanted("https://forge.example.com/x", "," + json);
        assertThat(transfer.isExpired(NOW.plusSeconds(still))).isFalse();
        assertThat(transfer.isExpired(NOW.plusSeconds(over))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"expires_in\":0",
                "\"expires_in\":-5",
                "\"expires_in\":\"soon\"",
                "\"expires_at\":\"soon\"",
                "\"expires_at\":\"0001-01-01T00:00:00Z\"",
                "\"expires_at\":7"
            })
    void aTimeThatIsNoneIsNoLimit(String json) throws Exception {
        assertThat(wanted("https://forge.example.com/x", "," + json).isExpired(Instant.MAX))
                .isFalse();
    }
}
