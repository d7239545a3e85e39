package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The API server with its store, and what tests may do to it behind its clients' backs. */
public final class EmbeddedApi implements AutoCloseable {
    private static final WriteOptions TEST = new WriteOptions("kubectl", true, false, true);

    private final Store store = new Store();
    private final ResourceTypes types = new ResourceTypes();
    private final Resources resources = new Resources(store, types);
    private final PodRoots roots = new PodRoots();
    private final Audit audit = new Audit();
    private final Faults faults = new Faults();
    private final PodControl pods = new PodControl(types, resources, roots);
    private final ApiServer server;

    public EmbeddedApi(String token, Path keyStore, String keyStorePassword) {
        for (String namespace : List.of("default", "kube-system")) {
            apply("{apiVersion: v1, kind: Namespace, metadata: {name: " + namespace + "}}");
        }
        server = new ApiServer(store, types, resources, roots, audit, faults, token, keyStore, keyStorePassword);
    }

    public int port() {
        return server.port();
    }

    public Audit audit() {
        return audit;
    }

    public Faults faults() {
        return faults;
    }

    /**
     * Applies every document of a YAML stream, with force, as kubectl would.
     *
     * @throws ApiException when one is refused; those before it stay
     */
    public void apply(String yaml) {
        for (ObjectNode document : Json.readAll(yaml)) {
            ResourceType type = types.ofKind(
                            document.path("apiVersion").asText(),
                            document.path("kind").asText())
                    .orElseThrow(() -> ApiException.badRequest("no matches for kind \""
                            + document.path("kind").asText() + "\" in version \""
                            + document.path("apiVersion").asText() + "\""));
            String namespace =
                    type.namespaced() ? document.at("/metadata/namespace").asText("default") : "";
            ResourcePath path = new ResourcePath(
                    type, namespace, document.at("/metadata/name").asText(), "");
            resources.patch(path, "application/apply-patch+yaml", Json.write(document), TEST);
        }
    }

    /** Creates a pod and runs it; the containers do nothing. */
    public void startPod(
            String namespace, String name, Map<String, String> labels, List<String> containers, Path root) {
        pods.create(namespace, name, labels, containers);
        pods.run(namespace, name, root);
    }

    /** Runs a pod that a client has created. */
    public void runPod(String namespace, String name, Path root) {
        pods.run(namespace, name, root);
    }

    /** Deletes a pod and runs another of the same name, labels and containers, with another uid. */
    public void replacePod(String namespace, String name, Path root) {
        ObjectNode old = pods.get(namespace, name);
        pods.delete(namespace, name);
        Json.child(old, "metadata").remove(List.of("uid", "resourceVersion", "managedFields", "creationTimestamp"));
        Json.child(old, "spec").remove("nodeName");
        old.remove("status");
        resources.create(new ResourcePath(types.find("", "v1", "pods").orElseThrow(), namespace, "", ""), old, TEST);
        pods.run(namespace, name, root);
    }

    /** Ends a pod's containers; the pod stays as Succeeded or Failed. */
    public void terminatePod(String namespace, String name, boolean succeeded) {
        pods.terminate(namespace, name, succeeded);
    }

    public void setPodReady(String namespace, String name, boolean ready) {
        pods.ready(namespace, name, ready);
    }

    /** Breaks the connection of every watch. */
    public void dropWatches() {
        server.watches().forEach(Watch::drop);
    }

    /** Forgets the history: a watch from an older version is answered with 410. */
    public void compact() {
        store.compact();
    }

    /** Sends a bookmark to every watch that asked for them. */
    public void sendBookmarks() {
        server.watches().forEach(watch -> watch.bookmark(false));
    }

    /** How many watches are open. */
    public int watches() {
        return server.watches().size();
    }

    @Override
    public void close() {
        server.close();
    }
}
