package dev.sessionpublish.sandbox;

import dev.sessionpublish.outcome.RefusedException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The containers of a pod that run as long as the pod does: its containers and its sidecars, which are init containers with
 * {@code restartPolicy: Always}. Other init containers end before the pod is ready, so no checkout is read there.
 */
record PodContainers(Pod pod) {
    private static final String DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";
    private static final String ALWAYS = "Always";

    /**
     * The wanted container, otherwise the one that the pod's annotation names, otherwise the only one. Sidecars don't make
     * the choice ambiguous: they are added to pods without the user's knowledge, for example by a service mesh.
     *
     * @throws RefusedException container-ambiguous
     */
    String choose(Optional<String> wanted) throws RefusedException {
        List<Container> containers = pod.getSpec().getContainers();
        Optional<String> annotated =
                Optional.ofNullable(pod.getMetadata().getAnnotations()).map(all -> all.get(DEFAULT_CONTAINER));
        Optional<String> only =
                containers.size() == 1 ? Optional.of(containers.get(0).getName()) : Optional.empty();
        Optional<String> chosen = wanted.or(() -> annotated).or(() -> only);
        if (chosen.isEmpty()) {
            throw new RefusedException(
                    SandboxReason.CONTAINER_AMBIGUOUS,
                    "The pod has several containers (" + listed() + "). Set spec.source.container to one of them.");
        }
        if (Stream.concat(containers.stream(), sidecars()).noneMatch(each -> isNamed(each, chosen.get()))) {
            throw new RefusedException(
                    SandboxReason.CONTAINER_AMBIGUOUS,
                    (initContainers().anyMatch(each -> isNamed(each, chosen.get()))
                                    ? "The container " + chosen.get()
                                            + " is an init container that is not a sidecar: it"
                                            + " ends before the pod runs."
                                    : "The pod has no container " + chosen.get() + ".")
                            + " Set spec.source.container to one of its containers: " + listed() + ".");
        }
        return chosen.get();
    }

    /**
     * Requires a ready container. If the pod is being deleted, a running container is enough, because its work can still be
     * published.
     *
     * @throws RefusedException sandbox-not-ready, sandbox-terminated
     */
    void requireReady(String container) throws RefusedException {
        boolean leaving = pod.getMetadata().getDeletionTimestamp() != null;
        Optional<ContainerStatus> status =
                statuses().filter(each -> each.getName().equals(container)).findFirst();
        boolean running = status.filter(PodContainers::isRunning)
                .filter(each -> leaving || Boolean.TRUE.equals(each.getReady()))
                .isPresent();
        if (running) {
            return;
        }
        if (leaving) {
            throw new RefusedException(
                    SandboxReason.SANDBOX_TERMINATED,
                    "The pod " + pod.getMetadata().getName() + " is being deleted and its container " + container
                            + " has terminated. Publish from a running pod.");
        }
        boolean ended = status.filter(
                        each -> each.getState() != null && each.getState().getTerminated() != null)
                .isPresent();
        if (ended && "Never".equals(restartPolicy(container))) {
            throw new RefusedException(
                    SandboxReason.SANDBOX_TERMINATED,
                    "The container " + container + " of pod "
                            + pod.getMetadata().getName()
                            + " has terminated and does not restart, so its checkout can't be read. Publish from a running pod.");
        }
        throw new RefusedException(
                SandboxReason.SANDBOX_NOT_READY,
                "The container " + container + " of pod " + pod.getMetadata().getName()
                        + " is not ready yet. Wait, or check the pod's events (kubectl describe pod) if it stays so.");
    }

    boolean isAnyRunning() {
        return statuses().anyMatch(PodContainers::isRunning);
    }

    private Stream<Container> initContainers() {
        return Objects.requireNonNullElse(pod.getSpec().getInitContainers(), List.<Container>of()).stream();
    }

    private Stream<Container> sidecars() {
        return initContainers().filter(each -> ALWAYS.equals(each.getRestartPolicy()));
    }

    private Stream<ContainerStatus> statuses() {
        if (pod.getStatus() == null) {
            return Stream.empty();
        }
        return Stream.concat(
                pod.getStatus().getContainerStatuses().stream(),
                pod.getStatus().getInitContainerStatuses().stream()
                        .filter(status -> sidecars().anyMatch(each -> isNamed(each, status.getName()))));
    }

    /** A container's own policy, otherwise the pod's. */
    private String restartPolicy(String container) {
        return Stream.concat(pod.getSpec().getContainers().stream(), sidecars())
                .filter(each -> isNamed(each, container))
                .map(Container::getRestartPolicy)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(String.valueOf(pod.getSpec().getRestartPolicy()));
    }

    private String listed() {
        return Stream.concat(
                        pod.getSpec().getContainers().stream().map(Container::getName),
                        sidecars().map(each -> each.getName() + " (sidecar)"))
                .collect(Collectors.joining(", "));
    }

    private static boolean isNamed(Container container, String name) {
        return name.equals(container.getName());
    }

    private static boolean isRunning(ContainerStatus status) {
        return status.getState() != null && status.getState().getRunning() != null;
    }
}
