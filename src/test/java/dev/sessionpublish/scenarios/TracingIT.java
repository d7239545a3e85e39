package dev.sessionpublish.scenarios;

import static dev.sessionpublish.embedded.TraceCollector.attribute;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.TraceCollector;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Traces as a collector gets them. */
class TracingIT extends OperatorScenario {
    @AutoClose
    private static TraceCollector collector;

    @BeforeAll
    static void startCollector() throws IOException {
        collector = TraceCollector.start();
    }

    @Override
    Map<String, String> settings() {
        return Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint(), "OTEL_BSP_SCHEDULE_DELAY", "100");
    }

    @Test
    void aPublishIsOneTraceOfItsSteps() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        String commit = scene.publish("").end().commit();

        Span root = roots(scene).get(0);
        assertThat(attribute(root, "k8s.namespace.name")).contains(EmbeddedWorld.NAMESPACE);
        assertThat(attribute(root, "session_publish.project")).contains(scene.name());
        assertThat(attribute(root, "session_publish.phase")).contains("PullRequestCreated");
        assertThat(attribute(root, "session_publish.head_branch")).contains(scene.branch());
        assertThat(attribute(root, "session_publish.commit")).contains(commit);
        assertThat(root.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
        assertThat(children(root)).containsExactly("admit", "push", "prepare", "open");
        assertThat(children(child(root, "push")))
                .containsExactly("locate", "advertise", "ask", "plan", "journal", "relay");
        assertThat(children(child(child(root, "push"), "advertise"))).containsExactly("GET git");
        assertThat(children(child(child(root, "push"), "relay"))).containsExactly("POST git");
        assertThat(children(child(root, "open"))).containsExactly("POST rest");
        assertThat(collector.resources())
                .allSatisfy(resource -> assertThat(resource.getResource().getAttributesList())
                        .anySatisfy(each -> {
                            assertThat(each.getKey()).isEqualTo("service.name");
                            assertThat(each.getValue().getStringValue()).isEqualTo("session-publish-operator");
                        }));
    }

    @Test
    void aRefusalIsTheReasonsCodeAndNoWordOfTheForges() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        String base64 = Base64.getEncoder()
                .encodeToString(("x-access-token:" + scene.token()).getBytes(StandardCharsets.UTF_8));
        List<String> forms = List.of(scene.token(), URLEncoder.encode(scene.token(), StandardCharsets.UTF_8), base64);
        world.git()
                .fault(Fault.on("GET", scene.name() + ".git/info/refs")
                        .always()
                        .answering(401, Map.of("X-Echo", scene.token()), "you sent " + forms));

        scene.publish("").awaitReason("auth");

        Span root = roots(scene).get(0);
        assertThat(attribute(root, "session_publish.reason")).contains("auth");
        assertThat(root.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
        Span advertise = child(child(root, "push"), "advertise");
        assertThat(advertise.getStatus().getMessage()).isEqualTo("auth");
        assertThat(attribute(child(advertise, "GET git"), "session_publish.code"))
                .contains("401");
        for (String form : forms) {
            assertThat(collector.resources())
                    .noneMatch(
                            resource -> resource.toByteString().toStringUtf8().contains(form));
        }
        assertThat(collector.resources())
                .as("the sweep would find something")
                .anyMatch(resource -> resource.toByteString().toStringUtf8().contains(scene.name()));
    }

    @Test
    void whatIsAskedOutsideOfAPublishIsNoTrace() throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        scene.publish("").end();
        roots(scene);

        assertThat(collector.spans())
                .filteredOn(span -> span.getParentSpanId().isEmpty())
                .extracting(Span::getName)
                .containsOnly("publish");
    }

    /** The publish's runs that a span was sent of, each sent after all that happened in it. */
    private static List<Span> roots(Scene scene) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> collector.spans().stream()
                                .filter(span -> span.getName().equals("publish"))
                                .filter(span -> attribute(span, "session_publish.name")
                                        .filter(scene.name()::equals)
                                        .isPresent())
                                .toList(),
                        found -> !found.isEmpty());
    }

    private static List<Span> below(Span parent) {
        ByteString id = parent.getSpanId();
        return collector.spans().stream()
                .filter(span -> span.getParentSpanId().equals(id))
                .filter(span -> span.getTraceId().equals(parent.getTraceId()))
                .toList();
    }

    private static List<String> children(Span parent) {
        return below(parent).stream().map(Span::getName).toList();
    }

    private static Span child(Span parent, String name) {
        return below(parent).stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + children(parent)));
    }
}
