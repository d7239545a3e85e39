package dev.sessionpublish.lifecycle;

import dev.sessionpublish.outcome.SafeText;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewStatus;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Tells the steps of a publish as Kubernetes Events (events.k8s.io/v1) and log lines. Each step of each attempt becomes
 * one Event, however often it is recorded: Events are created, never applied, under a name that {@link EventName}
 * derives, and one that is there already is left alone and not logged again.
 *
 * <p>An Event that the API server refuses for good is a log line only and fails no publish: in a namespace that is going
 * away silently, else with a warning. What may work the next time is thrown, for the reconcile to be repeated; so is a
 * 403 for want of a right while the API server doesn't say, asked by a SelfSubjectAccessReview, that it is missing.
 */
public final class LifecycleEvents {
    /** Who reports, in every Event. */
    public static final String REPORTING_CONTROLLER = "sessionpublish.dev/operator";

    private static final Logger LOG = LoggerFactory.getLogger(LifecycleEvents.class);
    private static final String ANNOTATION_PREFIX = "sessionpublish.dev/";
    private static final DateTimeFormatter MICRO_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int LONGEST_NOTE = 1024;
    private static final int LONGEST_INSTANCE = 128;

    private final KubernetesClient client;
    private final String reportingInstance;
    private final Clock clock;
    private final AtomicBoolean refusalTold = new AtomicBoolean();

    /** @param reportingInstance the pod that reports, or its host; cut at 128 characters */
    public LifecycleEvents(KubernetesClient client, String reportingInstance, Clock clock) {
        this.client = client;
        this.reportingInstance = reportingInstance.substring(0, Math.min(reportingInstance.length(), LONGEST_INSTANCE));
        this.clock = clock;
    }

    /**
     * Records a step.
     *
     * @param regarding an object that the API server has stored: with namespace, name and uid
     * @param runId what distinguishes this start of the publish from earlier ones of the same generation
     * @param data the words of the step, by key, cleaned and redacted: annotations {@code sessionpublish.dev/KEY} of the
     *     Event and key-value pairs of the log line
     * @param note a sentence, redacted; made one clean line of at most 1,024 bytes of UTF-8
     * @throws KubernetesClientException when the API server could not be asked, or failed
     */
    public void record(
            HasMetadata regarding, EventType type, String runId, int attempt, Map<String, String> data, String note) {
        Event event = event(regarding, type, runId, attempt, data, note);
        try {
            client.resource(event).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return;
            }
            if (!isRefusal(e) || isPassing(e, event)) {
                throw e;
            }
            tellRefusal(event.getMetadata().getNamespace(), e);
        }
        log(type, data, event.getNote());
    }

    private Event event(
            HasMetadata regarding, EventType type, String runId, int attempt, Map<String, String> data, String note) {
        ObjectMeta object = regarding.getMetadata();
        Map<String, String> annotations = new TreeMap<>();
        data.forEach((key, value) -> annotations.put(ANNOTATION_PREFIX + key, value));
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(object.getNamespace())
                .withName(EventName.of(object, type, runId, attempt))
                .withAnnotations(annotations)
                .endMetadata()
                .withNewEventTime(MICRO_TIME.format(Instant.now(clock)))
                .withReportingController(REPORTING_CONTROLLER)
                .withReportingInstance(reportingInstance)
                .withAction(type.word())
                .withReason(type.eventReason())
                .withType(type.isWarning() ? "Warning" : "Normal")
                .withNote(SafeText.line(note, LONGEST_NOTE))
                .withNewRegarding()
                .withApiVersion(regarding.getApiVersion())
                .withKind(regarding.getKind())
                .withNamespace(object.getNamespace())
                .withName(object.getName())
                .withUid(object.getUid())
                .withResourceVersion(object.getResourceVersion())
                .endRegarding()
                .build();
    }

    /** A client error that a repetition would meet again; not 401, 408 and 429, which pass. */
    private static boolean isRefusal(KubernetesClientException e) {
        return switch (e.getCode()) {
            case HttpURLConnection.HTTP_BAD_REQUEST,
                    HttpURLConnection.HTTP_FORBIDDEN,
                    HttpURLConnection.HTTP_NOT_FOUND,
                    HttpURLConnection.HTTP_ENTITY_TOO_LARGE,
                    422 -> true;
            default -> false;
        };
    }

    /**
     * An API server that has just been started forbids all that it hasn't read the roles for yet; asked for the right, it
     * then can't say that it is missing.
     */
    private boolean isPassing(KubernetesClientException refusal, Event event) {
        if (!isOfRights(refusal) || isOfTerminatingNamespace(refusal)) {
            return false;
        }
        SelfSubjectAccessReview question = new SelfSubjectAccessReviewBuilder()
                .withNewSpec()
                .withNewResourceAttributes()
                .withNamespace(event.getMetadata().getNamespace())
                .withVerb("create")
                .withGroup("events.k8s.io")
                .withResource("events")
                .endResourceAttributes()
                .endSpec()
                .build();
        try {
            SubjectAccessReviewStatus answer =
                    client.resource(question).create().getStatus();
            return answer == null || Boolean.TRUE.equals(answer.getAllowed());
        } catch (KubernetesClientException e) {
            return true;
        }
    }

    /** Not one of a quota or of a policy, which is 403 too and stays as long as they do. */
    private static boolean isOfRights(KubernetesClientException e) {
        return e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                && String.valueOf(e.getMessage()).contains("cannot create resource");
    }

    private void tellRefusal(String namespace, KubernetesClientException e) {
        if (isOfTerminatingNamespace(e)) {
            LOG.debug("Namespace {} is being deleted: the Event is only logged", namespace);
        } else if (!isOfRights(e)) {
            LOG.warn("An Event in namespace {} was refused and is only logged: {}", namespace, e.getMessage());
        } else if (refusalTold.compareAndSet(false, true)) {
            LOG.warn(
                    "Events can't be created in namespace {}, so that steps are only logged and kept in status.history."
                            + " The operator's service account needs the verb create on events in the API group"
                            + " events.k8s.io. This is told once. The API server said: {}",
                    namespace,
                    e.getMessage());
        }
    }

    private static boolean isOfTerminatingNamespace(KubernetesClientException e) {
        if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
            return true;
        }
        Status status = e.getStatus();
        return e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                && status != null
                && status.getDetails() != null
                && status.getDetails().getCauses().stream()
                        .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
    }

    private static void log(EventType type, Map<String, String> data, String note) {
        var line = LOG.atLevel(type.isWarning() ? Level.WARN : Level.INFO).addKeyValue("event", type.word());
        for (Map.Entry<String, String> each : new TreeMap<>(data).entrySet()) {
            line = line.addKeyValue(each.getKey(), each.getValue());
        }
        line.log(note);
    }
}
