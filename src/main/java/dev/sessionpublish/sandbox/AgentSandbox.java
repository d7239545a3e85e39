package dev.sessionpublish.sandbox;

import dev.sessionpublish.outcome.RefusedException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Sandbox of kubernetes-sigs/agent-sandbox. Fields and condition reasons follow that project's API reference for
 * agents.x-k8s.io/v1beta1.
 *
 * @param claim the SandboxClaim that the Sandbox was found by
 */
public record AgentSandbox(GenericKubernetesResource resource, Optional<GenericKubernetesResource> claim) {
    public static final String GROUP = "agents.x-k8s.io";
    public static final String VERSION = "v1beta1";
    public static final String KIND = "Sandbox";
    static final String CLAIM_GROUP = "extensions.agents.x-k8s.io";
    static final String CLAIM_KIND = "SandboxClaim";
    static final String CLAIM_EXPIRED = "ClaimExpired";
    private static final String EXPIRED = "SandboxExpired";
    private static final String SUSPENDED = "Suspended";
    /** A shutdown within this time is reported to the user. */
    private static final Duration SOON = Duration.ofMinutes(15);

    String namespace() {
        return resource.getMetadata().getNamespace();
    }

    public String name() {
        return resource.getMetadata().getName();
    }

    public String uid() {
        return resource.getMetadata().getUid();
    }

    String title() {
        return "The Sandbox " + name()
                + claim.map(of -> " (of the SandboxClaim " + of.getMetadata().getName() + ")")
                        .orElse("");
    }

    boolean controls(Pod pod) {
        return isControlledBy(pod, GROUP, KIND, resource);
    }

    static boolean isControlledBy(HasMetadata owned, String group, String kind, HasMetadata owner) {
        return controllers(owned, group, kind)
                .anyMatch(each -> each.getUid().equals(owner.getMetadata().getUid()));
    }

    /** The names that a publish can use for this Sandbox: its own name and the name of the controlling SandboxClaim. */
    public static List<String> names(GenericKubernetesResource sandbox) {
        return Stream.concat(
                        Stream.of(sandbox.getMetadata().getName()),
                        controllers(sandbox, CLAIM_GROUP, CLAIM_KIND).map(OwnerReference::getName))
                .distinct()
                .toList();
    }

    private static Stream<OwnerReference> controllers(HasMetadata owned, String group, String kind) {
        return owned.getMetadata().getOwnerReferences().stream()
                .filter(each -> Boolean.TRUE.equals(each.getController())
                        && each.getKind().equals(kind)
                        && each.getApiVersion().startsWith(group + "/"));
    }

    /** Whether its Ready condition is True. */
    public static boolean isReady(GenericKubernetesResource sandbox) {
        return conditions(sandbox)
                .anyMatch(each -> "Ready".equals(each.get("type")) && "True".equals(each.get("status")));
    }

    static boolean hasCondition(GenericKubernetesResource resource, String reason) {
        return conditions(resource).anyMatch(each -> reason.equals(each.get("reason")));
    }

    private static Stream<Map<?, ?>> conditions(GenericKubernetesResource resource) {
        return resource.get("status", "conditions") instanceof Collection<?> all
                ? all.stream().filter(Map.class::isInstance).map(each -> (Map<?, ?>) each)
                : Stream.empty();
    }

    /** Why the Sandbox has no pod to read from. */
    RefusedException whyWithoutPod(boolean ended, boolean seen) {
        if (hasCondition(resource, EXPIRED)) {
            return new RefusedException(
                    SandboxReason.SANDBOX_EXPIRED,
                    title() + " has expired"
                            + shutdownTime().map(at -> " (" + at + ")").orElse("")
                            + " and its pod was deleted, so its checkout can't be read. Publish from a running sandbox.");
        }
        if (SUSPENDED.equals(resource.get("spec", "operatingMode"))) {
            return new RefusedException(
                    SandboxReason.SANDBOX_SUSPENDED,
                    title() + " is suspended. Set its spec.operatingMode to Running to continue the publish.");
        }
        if (ended) {
            return new RefusedException(
                    SandboxReason.SANDBOX_TERMINATED,
                    title()
                            + " has finished: its pod has terminated, so its checkout can't be read. Publish from a running sandbox.");
        }
        if (resource.getMetadata().getDeletionTimestamp() != null) {
            return new RefusedException(
                    SandboxReason.SANDBOX_TERMINATED,
                    title() + " is being deleted and its pod is gone. Publish from a running sandbox.");
        }
        return new RefusedException(
                SandboxReason.SANDBOX_NOT_READY,
                title() + (seen ? " currently has no pod" : " has no pod yet")
                        + ". Wait, or check its events (kubectl describe) if no pod appears.");
    }

    /**
     * A message to the user if the Sandbox shuts down soon. The operator does not change the shutdownTime: it belongs
     * to the owner, and a GitOps tool would revert the change.
     */
    public Optional<String> notice(Instant now) {
        return shutdownTime()
                .filter(at -> at.isBefore(now.plus(SOON)))
                .map(at -> title() + " shuts down at " + at
                        + ". If the publish needs more time, set a later shutdownTime on it"
                        + claim.map(of -> " or on its SandboxClaim").orElse("") + ".");
    }

    /** The earlier shutdownTime of the Sandbox and its claim. */
    private Optional<Instant> shutdownTime() {
        return Stream.of(
                        time(resource.get("spec", "shutdownTime")),
                        claim.flatMap(of -> time(of.get("spec", "lifecycle", "shutdownTime"))))
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    private static Optional<Instant> time(@Nullable Object value) {
        try {
            return value == null
                    ? Optional.empty()
                    : Optional.of(OffsetDateTime.parse(value.toString()).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
