package dev.sessionpublish.publish;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.lifecycle.ControllerParts;
import dev.sessionpublish.lifecycle.NamespaceTurns;
import dev.sessionpublish.project.SessionProjectReconciler;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.lang.reflect.Proxy;
import java.time.Clock;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** An error of one object is what the framework retries. */
class ReconcilerErrorsTest {
    @Test
    void anErrorOfAPublishIsAnException() {
        try (KubernetesClient client = new KubernetesClientBuilder().build()) {
            SessionPublishReconciler reconciler = new SessionPublishReconciler(
                    client,
                    "",
                    new SessionPublishReconciler.Work(null, null, null),
                    new NamespaceTurns<>(SessionPublish.class, 1),
                    new PrometheusRegistry(),
                    true,
                    Clock.systemUTC());
            assertRetried(() -> reconciler.reconcile(new StoredPublish().publish(), overflowing()));
        }
    }

    @Test
    void anErrorOfAProjectIsAnException() {
        try (KubernetesClient client = new KubernetesClientBuilder().build()) {
            ControllerParts parts = new ControllerParts(client, null, null, Clock.systemUTC(), null);
            SessionProjectReconciler reconciler = new SessionProjectReconciler(parts, null, null, null, null, null, 1);
            assertRetried(() -> reconciler.reconcile(new SessionProject(), overflowing()));
        }
    }

    private static void assertRetried(ThrowingCallable reconcile) {
        assertThatThrownBy(reconcile).isInstanceOf(RuntimeException.class).hasCauseInstanceOf(StackOverflowError.class);
    }

    @SuppressWarnings("unchecked")
    private static <T extends HasMetadata> Context<T> overflowing() {
        return (Context<T>) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (self, method, args) -> {
                    throw new StackOverflowError();
                });
    }
}
