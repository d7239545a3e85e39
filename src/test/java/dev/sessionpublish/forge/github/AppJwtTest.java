package dev.sessionpublish.forge.github;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sessionpublish.embedded.AppKeyPair;
import dev.sessionpublish.forge.AppKey;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AppJwtTest {
    private static final AppKeyPair PAIR = AppKeyPair.generate();
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    @Test
    void itIsSignedWithTheKeyForTenMinutes() throws Exception {
        String jwt = AppJwt.sign(AppKey.of("Iv23liAbCdEfGhIjKlMn", PAIR.pkcs1(), Optional.empty()), NOW);

        String[] parts = jwt.split("\\.", -1);
        assertThat(parts).hasSize(3).allMatch(part -> part.matches("[\\w-]+"));
        assertThat(json(parts[0])).hasToString("{\"alg\":\"RS256\",\"typ\":\"JWT\"}");
        assertThat(json(parts[1]))
                .hasToString("{\"iat\":1799999940,\"exp\":1800000540,\"iss\":\"Iv23liAbCdEfGhIjKlMn\"}");
        Signature rs256 = Signature.getInstance("SHA256withRSA");
        rs256.initVerify(PAIR.publicKey());
        rs256.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertThat(rs256.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
    }

    private static JsonNode json(String part) throws Exception {
        return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(part));
    }
}
