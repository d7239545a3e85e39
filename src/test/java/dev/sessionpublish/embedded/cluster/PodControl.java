package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** What a kubelet would do for pods, at a test's word. */
final class PodControl {
    private static final WriteOptions KUBELET = new WriteOptions("kubelet", true, false, false);

    private final ResourceType type;
    private final Resources resources;
    private final PodRoots roots;

    PodControl(ResourceTypes types, Resources resources, PodRoots roots) {
        this.type = types.find("", "v1", "pods").orElseThrow();
        this.resources = resources;
        this.roots = roots;
    }

    void create(String namespace, String name, Map<String, String> labels, List<String> containers) {
        ObjectNode pod = Json.object();
        ObjectNode metadata = pod.putObject("metadata").put("name", name).put("namespace", namespace);
        labels.forEach(Json.child(metadata, "labels")::put);
        ArrayNode list = pod.putObject("spec").putArray("containers");
        containers.forEach(container -> list.addObject().put("name", container).put("image", "none"));
        resources.create(new ResourcePath(type, namespace, "", ""), pod, KUBELET);
    }

    /** Makes a pod Running and Ready, with its files in a directory of this host. */
    void run(String namespace, String name, Path root) {
        ResourcePath path = new ResourcePath(type, namespace, name, "");
        ObjectNode pod = resources.get(path);
        try {
            roots.put(pod.at("/metadata/uid").asText(), root.toRealPath());
        } catch (IOException e) {
            throw new UncheckedIOException("a pod's root has to exist", e);
        }
        Json.child(pod, "spec").put("nodeName", "embedded");
        status(resources.replace(path, pod, KUBELET), "Running", true);
    }

    void ready(String namespace, String name, boolean ready) {
        status(resources.get(new ResourcePath(type, namespace, name, "")), "Running", ready);
    }

    void terminate(String namespace, String name, boolean succeeded) {
        ObjectNode pod = resources.get(new ResourcePath(type, namespace, name, ""));
        status(pod, succeeded ? "Succeeded" : "Failed", false);
    }

    void delete(String namespace, String name) {
        resources.delete(new ResourcePath(type, namespace, name, ""), Json.object(), KUBELET);
    }

    ObjectNode get(String namespace, String name) {
        return resources.get(new ResourcePath(type, namespace, name, ""));
    }

    private void status(ObjectNode pod, String phase, boolean ready) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode status = pod.putObject("status").put("phase", phase).put("podIP", "127.0.0.1");
        status.put("startTime", pod.at("/metadata/creationTimestamp").asText());
        ArrayNode conditions = status.putArray("conditions");
        for (String condition : List.of("PodScheduled", "Initialized", "ContainersReady", "Ready")) {
            boolean holds = ready || condition.equals("PodScheduled") || condition.equals("Initialized");
            conditions
                    .addObject()
                    .put("type", condition)
                    .put("status", holds ? "True" : "False")
                    .put("lastTransitionTime", now);
        }
        ArrayNode containers = status.putArray("containerStatuses");
        pod.at("/spec/containers").forEach(each -> container(containers.addObject(), each, pod, ready));
        ArrayNode sidecars = status.putArray("initContainerStatuses");
        for (JsonNode each : pod.at("/spec/initContainers")) {
            if (each.path("restartPolicy").asText().equals("Always")) {
                container(sidecars.addObject(), each, pod, ready);
            }
        }
        resources.replace(
                new ResourcePath(
                        type,
                        pod.at("/metadata/namespace").asText(),
                        pod.at("/metadata/name").asText(),
                        "status"),
                pod,
                KUBELET);
    }

    private static void container(ObjectNode entry, JsonNode container, ObjectNode pod, boolean ready) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        String phase = pod.at("/status/phase").asText();
        String name = container.path("name").asText();
        entry.put("name", name).put("ready", ready);
        entry.put("started", phase.equals("Running")).put("restartCount", 0);
        entry.put("image", container.path("image").asText()).put("imageID", "");
        entry.put("containerID", "embedded://" + pod.at("/metadata/uid").asText() + "/" + name);
        ObjectNode state = entry.putObject("state");
        if (phase.equals("Running")) {
            state.putObject("running").put("startedAt", now);
        } else {
            state.putObject("terminated")
                    .put("exitCode", phase.equals("Succeeded") ? 0 : 1)
                    .put("reason", phase.equals("Succeeded") ? "Completed" : "Error")
                    .put("finishedAt", now);
        }
    }
}
