package dev.sessionpublish.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NamespaceTurnsTest {
    private final NamespaceTurns<ConfigMap> turns = new NamespaceTurns<>(ConfigMap.class, 2);
    private final List<String> called = new ArrayList<>();

    @BeforeEach
    void start() {
        turns.setEventHandler(event -> called.add(text(event.getRelatedCustomResourceID())));
        turns.start();
    }

    private static String text(ResourceID id) {
        return id.getNamespace().orElseThrow() + "/" + id.getName();
    }

    private static ConfigMap object(String namespace, String name) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .build();
    }

    private boolean begin(String name) {
        return turns.begin(object("a", name));
    }

    private void end(String name) {
        turns.end(object("a", name));
    }

    @Test
    void aNamespaceAtItsLimitDelaysNoOther() {
        assertThat(begin("1")).isTrue();
        assertThat(begin("2")).isTrue();
        assertThat(begin("3")).isFalse();

        assertThat(turns.begin(object("b", "1"))).isTrue();
        assertThat(turns.waiting()).isEqualTo(1);
    }

    @Test
    void thoseThatWaitAreCalledOneByOneInTheirOrder() {
        begin("1");
        begin("2");
        begin("3");
        begin("4");
        begin("3");

        end("1");
        assertThat(called).containsExactly("a/3");
        end("2");
        assertThat(called).containsExactly("a/3", "a/4");
        assertThat(begin("4")).isTrue();
        assertThat(begin("3")).isTrue();
        assertThat(turns.waiting()).isZero();
    }

    @Test
    void aTurnIsKeptForTheOneThatIsCalled() {
        begin("1");
        begin("2");
        begin("3");
        end("1");

        assertThat(begin("4")).isFalse();
        assertThat(begin("1")).isFalse();
        assertThat(begin("3")).isTrue();
    }

    @Test
    void oneThatNeedsNoTurnAnyMoreLetsTheNextOneHaveIt() {
        begin("1");
        begin("2");
        begin("3");
        begin("4");
        begin("5");
        turns.giveUp(object("a", "3"));
        end("1");
        assertThat(called).containsExactly("a/4");

        turns.giveUp(object("a", "4"));

        assertThat(called).containsExactly("a/4", "a/5");
    }

    /** Otherwise a tenant could have any number of runs at once by deleting and creating objects. */
    @Test
    void theTurnOfADeletedObjectEndsWithItsRun() {
        begin("1");
        begin("2");
        begin("3");

        turns.onResourceDeleted(object("a", "1"));
        assertThat(called).isEmpty();
        end("1");

        assertThat(called).containsExactly("a/3");
    }

    @Test
    void oneThatIsDeletedWhileItWaitsIsNotCalled() {
        begin("1");
        begin("2");
        begin("3");
        turns.onResourceDeleted(object("a", "3"));

        end("1");

        assertThat(called).isEmpty();
        assertThat(begin("4")).isTrue();
    }
}
