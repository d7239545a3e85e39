package dev.sessionpublish.lifecycle;

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
 * Records lifecycle events as Kubernetes Events (events.k8s.io/v1) and log lines. An event of status.history becomes
 * one Event, however often it is recorded: Events are created, never applied, under the name that {@link EventName} derives.
 * One that exists already is left alone and not logged again.
 *
 * <p>When the API server refuses an Event permanently, it is only logged: without a warning in a terminating namespace,
 * otherwise with one. Other failures are thrown, so that the reconcile is retried. So is a 403 for a missing right, unless
 * a SelfSubjectAccessReview confirms that the right is missing.
 */
public final class LifecycleEvents {
    /** Who reports, in every Event. */
    public static final String REPORTING_CONTROLLER = "sessionpublish.dev/operator";

    private static final Logger LOG = LoggerFactory.getLogger(LifecycleEvents.class);
    private static final String ANNOTATION_PREFIX = "sessionpublish.dev/";
    private static final DateTimeFormatter MICRO_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int LONGEST_INSTANCE = 128;

    private final KubernetesClient client;
    private final String reportingInstance;
    private final Clock clock;
    private final AtomicBoolean rightsMissing = new AtomicBoolean();

    /** @param reportingInstance the pod that reports, or its host; cut at 128 characters */
    public LifecycleEvents(KubernetesClient client, String reportingInstance, Clock clock) {
        this.client = client;
        this.reportingInstance = reportingInstance.substring(0, Math.min(reportingInstance.length(), LONGEST_INSTANCE));
        this.clock = clock;
    }

    /**
     * Records an event. One about what happened is recorded before the status that has it in its history is stored. After a
     * crash it is safe to record it again.
     *
     * @param regarding an object that the API server has stored: with namespace, name and uid
     * @param runId distinguishes this run from earlier ones of the same generation
     * @param what its data become annotations {@code sessionpublish.dev/KEY} of the Event and key-value pairs of the log
     *     line
     * @throws KubernetesClientException when the API server can't be reached, or fails
     */
    public void record(HasMetadata regarding, String runId, LifecycleEvent what) {
        Event event = event(regarding, runId, what);
        try {
            client.resource(event).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return;
            }
            if (!isRefusal(e) || isPassing(e, event)) {
                throw e;
            }
            logRefusal(event.getMetadata().getNamespace(), e);
        }
        log(what);
    }

    private Event event(HasMetadata regarding, String runId, LifecycleEvent what) {
        ObjectMeta object = regarding.getMetadata();
        Map<String, String> annotations = new TreeMap<>();
        what.data().forEach((key, value) -> annotations.put(ANNOTATION_PREFIX + key, value));
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(object.getNamespace())
                .withName(EventName.of(object, runId, what))
                .withAnnotations(annotations)
                .endMetadata()
                .withNewEventTime(MICRO_TIME.format(Instant.now(clock)))
                .withReportingController(REPORTING_CONTROLLER)
                .withReportingInstance(reportingInstance)
                .withAction(what.type().word())
                .withReason(what.type().eventReason())
                .withType(what.type().isWarning() ? "Warning" : "Normal")
                .withNote(what.note())
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

    /** A client error that a retry would get again; 401, 408 and 429 are not. */
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
     * An API server that has just started forbids everything until it has read the roles. A SelfSubjectAccessReview then
     * does not say that the right is missing.
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

    /** A quota or an admission policy answers 403 too. */
    private static boolean isOfRights(KubernetesClientException e) {
        return e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                && String.valueOf(e.getMessage()).contains("cannot create resource");
    }

    private void logRefusal(String namespace, KubernetesClientException e) {
        if (isOfTerminatingNamespace(e)) {
            LOG.debug("Namespace {} is being deleted: the Event is only logged", namespace);
        } else if (!isOfRights(e)) {
            LOG.warn("An Event in namespace {} was refused and is only logged: {}", namespace, e.getMessage());
        } else if (rightsMissing.compareAndSet(false, true)) {
            LOG.warn(
                    "Events can't be created in namespace {}: they are only logged and kept in status.history."
                            + " The operator's service account needs the verb create on events in the API group"
                            + " events.k8s.io. This is logged once. The API server said: {}",
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

    private static void log(LifecycleEvent what) {
        var line = LOG.atLevel(what.type().isWarning() ? Level.WARN : Level.INFO)
                .addKeyValue("event", what.type().word());
        for (Map.Entry<String, String> each : new TreeMap<>(what.data()).entrySet()) {
            line = line.addKeyValue(each.getKey(), each.getValue());
        }
        line.log(what.note());
    }
}
