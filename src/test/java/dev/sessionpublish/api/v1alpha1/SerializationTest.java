package dev.sessionpublish.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The records survive the way to the API server and back, every field of them. */
class SerializationTest {
    private final KubernetesSerialization serialization = new KubernetesSerialization();

    @ParameterizedTest
    @ValueSource(
            classes = {
                SessionPublishSpec.class,
                SessionPublishStatus.class,
                SessionProjectSpec.class,
                SessionProjectStatus.class
            })
    void everyFieldIsWrittenAndReadBack(Class<?> type) throws ReflectiveOperationException {
        Object full = filled(type);

        JsonNode json = serialization.convertValue(full, JsonNode.class);

        assertThat(json.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toArray(String[]::new));
        assertThat((Object) serialization.unmarshal(serialization.asYaml(full), type))
                .isEqualTo(full);
        assertThat((Object) serialization.unmarshal(serialization.asJson(full), type))
                .isEqualTo(full);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                SessionPublishSpec.class,
                SessionPublishStatus.class,
                SessionProjectSpec.class,
                SessionProjectStatus.class
            })
    void whatIsAbsentIsNullAndNotWritten(Class<?> type) {
        Object empty = serialization.unmarshal("{}", type);

        assertThat(empty).hasAllNullFieldsOrProperties();
        assertThat(serialization.asJson(empty)).isEqualTo("{}");
    }

    @Test
    void aFieldOfALaterVersionIsPassedOver() {
        SessionPublish publish = serialization.unmarshal("""
                {"spec": {"source": {"podName": "s7", "later": 1}, "later": {"x": 1}},
                 "status": {"observedGeneration": 1, "later": [1], "push": {"later": 1}}}""", SessionPublish.class);

        assertThat(publish.getSpec().source().podName()).isEqualTo("s7");
        assertThat(publish.getStatus().observedGeneration()).isEqualTo(1);
    }

    @Test
    void aTerminalPhaseIsOneThatNothingFollowsByItself() {
        assertThat(SessionPublishStatus.Phase.values())
                .filteredOn(SessionPublishStatus.Phase::isTerminal)
                .extracting(Enum::name)
                .containsExactly(
                        "Pushed",
                        "PullRequestCreated",
                        "ManualPullRequestRequired",
                        "Merged",
                        "Closed",
                        "NothingToPublish",
                        "Failed");
    }

    private static Object filled(Type type) throws ReflectiveOperationException {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            return generic.getRawType() == List.class
                    ? List.of(filled(arguments[0]))
                    : Map.of("key", filled(arguments[1]));
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord()) {
            RecordComponent[] components = plain.getRecordComponents();
            Object[] values = new Object[components.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = filled(components[i].getGenericType());
            }
            return plain.getDeclaredConstructors()[0].newInstance(values);
        }
        if (plain.isEnum()) {
            return plain.getEnumConstants()[plain.getEnumConstants().length - 1];
        }
        Map<Class<?>, Object> values = Map.of(
                String.class,
                "text: #1",
                Long.class,
                5_000_000_000L,
                Integer.class,
                7,
                Boolean.class,
                false,
                Condition.class,
                new ConditionBuilder().withType("Ready").withStatus("True").build());
        return values.get(plain);
    }
}
