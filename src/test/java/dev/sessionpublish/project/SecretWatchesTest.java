package dev.sessionpublish.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretWatchesTest {
    @Test
    void aCachedSecretHasItsVersionAndNoneOfItsData() {
        Secret whole = new SecretBuilder()
                .withNewMetadata()
                .withNamespace("team")
                .withName("web")
                .withUid("1-2-3")
                .withResourceVersion("42")
                .addToAnnotations(
                        "kubectl.kubernetes.io/last-applied-configuration", "{\"data\":{\"token\":\"czNjcjN0\"}}")
                .addToLabels("password", "s3cr3t")
                .endMetadata()
                .withType("Opaque")
                .withData(Map.of("token", "czNjcjN0"))
                .withStringData(Map.of("token", "s3cr3t"))
                .build();
        ItemStore<Secret> cache = SecretWatches.store();

        cache.put(cache.getKey(whole), whole);

        Secret kept = cache.get("team/web");
        assertThat(kept).isNotNull();
        assertThat(kept.getMetadata().getResourceVersion()).isEqualTo("42");
        assertThat(Serialization.asJson(kept)).doesNotContain("czNjcjN0", "s3cr3t", "token");
    }
}
