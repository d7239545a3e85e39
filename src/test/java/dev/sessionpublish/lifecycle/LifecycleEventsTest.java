package dev.sessionpublish.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.publish.PublishEvent;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LifecycleEventsTest {
    private static final String EVENTS = "/apis/events.k8s.io/v1/namespaces/team/events";
    private static final String REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-02-03T04:05:06.5Z"), ZoneOffset.UTC);

    private final Logger logger = (Logger) LoggerFactory.getLogger(LifecycleEvents.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Level level = logger.getLevel();

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(logged);
        logger.setLevel(level);
    }

    @Test
    void anEventNamesTheObjectTheStepAndWhoReports() {
        try (Cluster cluster = new Cluster(true)) {
            cluster.events()
                    .record(
                            publish("s7", 2),
                            "run-1",
                            new LifecycleEvent(
                                    PublishEvent.GIT_PUSH_FAILED,
                                    4,
                                    1,
                                    Map.of("head-branch", "session/s7", "reason", "auth"),
                                    "The forge refused the token."));

            Event event = cluster.stored().get(0);
            assertThat(event.getMetadata().getName())
                    .matches("s7\\.[0-9a-f]{10}\\.000004-[0-9a-f]{4}\\.git\\.push\\.failed");
            assertThat(event.getMetadata().getNamespace()).isEqualTo("team");
            assertThat(event.getMetadata().getAnnotations())
                    .containsEntry("sessionpublish.dev/head-branch", "session/s7")
                    .containsEntry("sessionpublish.dev/reason", "auth");
            assertThat(event.getEventTime().getTime()).isEqualTo("2026-02-03T04:05:06.500000Z");
            assertThat(event.getReason()).isEqualTo("GitPushFailed");
            assertThat(event.getAction()).isEqualTo("git.push.failed");
            assertThat(event.getType()).isEqualTo("Warning");
            assertThat(event.getNote()).isEqualTo("The forge refused the token.");
            assertThat(event.getReportingController()).isEqualTo("sessionpublish.dev/operator");
            assertThat(event.getReportingInstance()).isEqualTo("operator-0");
            assertThat(event.getRegarding().getUid()).isEqualTo("uid-1");
            assertThat(event.getRegarding().getKind()).isEqualTo("SessionPublish");
            assertThat(event.getRegarding().getApiVersion()).isEqualTo("sessionpublish.dev/v1alpha1");
            assertThat(event.getRegarding().getName()).isEqualTo("s7");
            assertThat(event.getRegarding().getNamespace()).isEqualTo("team");
            assertThat(event.getRegarding().getResourceVersion()).isEqualTo("41");
        }
    }

    @Test
    void aStepToldTwiceIsOneEventAndOneLogLine() {
        try (Cluster cluster = new Cluster(true)) {
            started(cluster, publish("s7", 1), 1, "first");
            started(cluster, publish("s7", 1), 1, "again");

            assertThat(cluster.stored()).extracting(Event::getNote).containsExactly("first");
            assertThat(logged.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly("first");
        }
    }

    @Test
    void anotherAttemptRunOrGenerationIsAnotherEvent() {
        try (Cluster cluster = new Cluster(true)) {
            started(cluster, publish("s7", 1), 1, "");
            started(cluster, publish("s7", 1), 2, "");
            started(cluster, publish("s7", 2), 1, "");
            cluster.events()
                    .record(
                            publish("s7", 1),
                            "run-2",
                            new LifecycleEvent(PublishEvent.GIT_PUSH_STARTED, 1, 1, Map.of(), ""));

            assertThat(cluster.stored()).hasSize(4);
        }
    }

    @Test
    void theLogLineSaysTheSameWords() {
        try (Cluster cluster = new Cluster(true)) {
            cluster.events()
                    .record(
                            publish("s7", 1),
                            "run-1",
                            new LifecycleEvent(
                                    PublishEvent.GIT_PUSH_STARTED,
                                    1,
                                    1,
                                    Map.of("head-branch", "b", "force", "false"),
                                    "Pushing 2 commits."));

            ILoggingEvent line = logged.list.get(0);
            assertThat(line.getFormattedMessage()).isEqualTo("Pushing 2 commits.");
            assertThat(line.getKeyValuePairs())
                    .extracting(pair -> pair.key + "=" + pair.value)
                    .containsExactly("event=git.push.started", "force=false", "head-branch=b");
        }
    }

    @Test
    void aNoteIsCutAtItsBytesNotInsideACharacter() {
        try (Cluster cluster = new Cluster(true)) {
            started(cluster, publish("s7", 1), 1, "x" + "😀".repeat(300));

            String note = cluster.stored().get(0).getNote();
            assertThat(note.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1015, 1024);
            assertThat(note)
                    .startsWith("x😀")
                    .endsWith("😀…")
                    .doesNotContain("\uFFFD")
                    .doesNotContain("?");
        }
    }

    @Test
    void theLongestObjectNameStillGivesADnsSubdomain() {
        try (Cluster cluster = new Cluster(true)) {
            started(cluster, publish("a".repeat(200) + "-".repeat(30) + "b".repeat(23), 1), 1, "");

            assertThat(cluster.stored().get(0).getMetadata().getName())
                    .hasSizeLessThanOrEqualTo(253)
                    .matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
        }
    }

    @Test
    void namesSortInTheOrderOfTheHistoryWhateverTheRun() {
        assertThat(List.of(
                        name(1, PublishEvent.GIT_PUSH_STARTED, 1, "a"),
                        name(2, PublishEvent.GIT_PUSH_FAILED, 1, "a"),
                        name(3, PublishEvent.GIT_PUSH_STARTED, 2, "a"),
                        name(4, PublishEvent.GIT_PUSH_SUCCEEDED, 1, "b"),
                        name(5, PublishEvent.GIT_PR_STARTED, 3, "c"),
                        name(11, PublishEvent.GIT_PR_SUCCEEDED, 4, "d"),
                        name(100, PublishEvent.GIT_PR_STARTED, 5, "c")))
                .isSorted();
    }

    @Test
    void theSameEventLaterInTheHistoryIsAnotherEvent() {
        try (Cluster cluster = new Cluster(true)) {
            for (long ordinal : List.of(3L, 7L, 7L)) {
                cluster.events()
                        .record(
                                publish("s7", 1),
                                "run-1",
                                new LifecycleEvent(PublishEvent.GIT_PR_SUCCEEDED, ordinal, 1, Map.of(), "Opened."));
            }

            assertThat(cluster.stored()).hasSize(2);
        }
    }

    private static String name(long ordinal, PublishEvent type, int attempt, String run) {
        return EventName.of(
                publish("s7", attempt).getMetadata(), run, new LifecycleEvent(type, ordinal, attempt, Map.of(), ""));
    }

    @Test
    void aNamespaceThatIsGoingAwayIsNoError() {
        try (Cluster cluster = new Cluster(false)) {
            cluster.answers(
                    refusal(403)
                            .editDetails()
                            .addNewCause()
                            .withReason("NamespaceTerminating")
                            .endCause()
                            .endDetails()
                            .build(),
                    1);
            started(cluster, publish("s7", 1), 1, "Pushing.");

            assertThat(logged.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly("Pushing.");
        }
    }

    @Test
    void aMissingRightIsToldOnceAndFailsNothing() {
        try (Cluster cluster = new Cluster(false)) {
            cluster.answers(refusal(403).build(), 2);
            cluster.saysOfTheRight(false, 2);
            LifecycleEvents events = cluster.events();
            events.record(
                    publish("s7", 1),
                    "run-1",
                    new LifecycleEvent(PublishEvent.GIT_PUSH_STARTED, 1, 1, Map.of(), "one"));
            events.record(
                    publish("s7", 1),
                    "run-1",
                    new LifecycleEvent(PublishEvent.GIT_PUSH_SUCCEEDED, 2, 1, Map.of(), "two"));

            assertThat(logged.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .satisfiesExactly(
                            warning -> assertThat(warning).contains("needs the verb create on events", "events.k8s.io"),
                            one -> assertThat(one).isEqualTo("one"),
                            two -> assertThat(two).isEqualTo("two"));
        }
    }

    @Test
    void aQuotaOnEventsFailsNothingHoweverOften() {
        try (Cluster cluster = new Cluster(false)) {
            cluster.answers(
                    refusal(403)
                            .withMessage("events.events.k8s.io \"s7\" is forbidden: exceeded quota: objects,"
                                    + " requested: count/events.events.k8s.io=1, used: 10, limited: 10")
                            .build(),
                    1);
            started(cluster, publish("s7", 1), 1, "Pushing.");

            assertThat(logged.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .satisfiesExactly(
                            warning -> assertThat(warning)
                                    .contains("exceeded quota")
                                    .contains("only logged"),
                            told -> assertThat(told).isEqualTo("Pushing."));
        }
    }

    @Test
    void a403OfAnApiServerThatDeniesNothingIsRepeated() {
        try (Cluster cluster = new Cluster(false)) {
            cluster.answers(refusal(403).build(), 1);
            cluster.saysOfTheRight(true, 1);

            assertThatThrownBy(() -> started(cluster, publish("s7", 1), 1, "Pushing."))
                    .isInstanceOf(KubernetesClientException.class);
            assertThat(logged.list).isEmpty();
        }
    }

    @Test
    void a403OfAnApiServerThatForbidsTheQuestionTooIsRepeated() {
        try (Cluster cluster = new Cluster(false)) {
            cluster.answers(refusal(403).build(), 1);
            cluster.server
                    .expect()
                    .post()
                    .withPath(REVIEWS)
                    .andReturn(403, refusal(403).build())
                    .once();

            assertThatThrownBy(() -> started(cluster, publish("s7", 1), 1, "Pushing."))
                    .isInstanceOf(KubernetesClientException.class);
            assertThat(logged.list).isEmpty();
        }
    }

    @Test
    void whatMayWorkTheNextTimeIsThrownAndNotLogged() {
        try (Cluster cluster = new Cluster(false)) {
            cluster.answers(refusal(401).build(), 1);

            assertThatThrownBy(() -> started(cluster, publish("s7", 1), 1, "Pushing."))
                    .isInstanceOf(KubernetesClientException.class);
            assertThat(logged.list).isEmpty();
        }
    }

    private static void started(Cluster cluster, SessionPublish publish, int attempt, String note) {
        cluster.events()
                .record(
                        publish,
                        "run-1",
                        new LifecycleEvent(PublishEvent.GIT_PUSH_STARTED, 1, attempt, Map.of(), note));
    }

    private static StatusBuilder refusal(int code) {
        return new StatusBuilder()
                .withCode(code)
                .withStatus("Failure")
                .withReason("Forbidden")
                .withMessage("events.events.k8s.io is forbidden: User \"operator\" cannot create resource \"events\" in"
                        + " API group \"events.k8s.io\" in the namespace \"team\"")
                .withNewDetails()
                .endDetails();
    }

    private static SessionPublish publish(String name, long generation) {
        SessionPublish publish = new SessionPublish();
        publish.setMetadata(new ObjectMetaBuilder()
                .withNamespace("team")
                .withName(name)
                .withUid("uid-1")
                .withGeneration(generation)
                .withResourceVersion("41")
                .build());
        return publish;
    }

    /** A mock API server; it either stores what is created or answers what it is told to. */
    private static final class Cluster implements AutoCloseable {
        private final KubernetesMockServer server;
        private final KubernetesClient client;

        Cluster(boolean stores) {
            Map<ServerRequest, Queue<ServerResponse>> answers = new HashMap<>();
            server = stores
                    ? new KubernetesMockServer(
                            new Context(), new MockWebServer(), answers, new KubernetesMixedDispatcher(answers), false)
                    : new KubernetesMockServer(false);
            server.init();
            client = server.createClient();
        }

        LifecycleEvents events() {
            return new LifecycleEvents(client, "operator-0", CLOCK);
        }

        List<Event> stored() {
            return client.events().v1().events().inNamespace("team").list().getItems();
        }

        void answers(Status status, int times) {
            server.expect()
                    .post()
                    .withPath(EVENTS)
                    .andReturn(status.getCode(), status)
                    .times(times);
        }

        void saysOfTheRight(boolean allowed, int times) {
            server.expect()
                    .post()
                    .withPath(REVIEWS)
                    .andReturn(
                            201,
                            new SelfSubjectAccessReviewBuilder()
                                    .withNewStatus()
                                    .withAllowed(allowed)
                                    .endStatus()
                                    .build())
                    .times(times);
        }

        @Override
        public void close() {
            client.close();
            server.destroy();
        }
    }
}
