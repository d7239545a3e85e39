package dev.sessionpublish.embedded;

import dev.sessionpublish.embedded.cluster.ApiException;
import dev.sessionpublish.embedded.cluster.Audit;
import dev.sessionpublish.embedded.cluster.EmbeddedApi;
import dev.sessionpublish.embedded.cluster.Faults;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Kubernetes API server in this process, on loopback HTTPS, with real processes behind {@code pods/exec}. Clients,
 * kubectl among them, find it by {@link #kubeconfig()}. What it leaves out: admission, access control, CEL, garbage
 * collection, controllers; pods run only when told to.
 */
public final class EmbeddedCluster implements AutoCloseable {
    /** The one bearer token that is let in. */
    public static final String TOKEN = "embedded";

    private final Path directory;
    private final TestCa ca;
    private final EmbeddedApi api;
    private final KubernetesClient client;

    private EmbeddedCluster(Builder builder) throws IOException {
        directory = Files.createDirectories(builder.directory);
        ca = builder.ca.isPresent() ? builder.ca.get() : TestCa.create(directory.resolve("ca"));
        api = new EmbeddedApi(TOKEN, ca.serverKeyStore(), ca.password());
        if (builder.crds.isPresent()) {
            try (Stream<Path> files = Files.list(builder.crds.get())) {
                for (Path file : files.filter(f -> f.toString().endsWith(".yaml"))
                        .sorted()
                        .toList()) {
                    api.apply(Files.readString(file));
                }
            }
        }
        Files.writeString(kubeconfig(), kubeconfigText());
        client = new KubernetesClientBuilder().withConfig(config()).build();
    }

    /** @param directory for keys and the kubeconfig; made if absent */
    public static Builder in(Path directory) {
        return new Builder(directory);
    }

    /** How a cluster is made. */
    public static final class Builder {
        private final Path directory;
        private Optional<TestCa> ca = Optional.empty();
        private Optional<Path> crds = Optional.empty();

        private Builder(Path directory) {
            this.directory = directory;
        }

        /** An authority made before, which spares making one. */
        public Builder ca(TestCa given) {
            ca = Optional.of(given);
            return this;
        }

        /** Serves the kinds that the {@code *.yaml} files of a directory define. */
        public Builder crds(Path definitions) {
            crds = Optional.of(definitions);
            return this;
        }

        public EmbeddedCluster start() throws IOException {
            return new EmbeddedCluster(this);
        }
    }

    public String url() {
        return "https://127.0.0.1:" + api.port();
    }

    /** A client of its own is closed with the cluster. */
    public KubernetesClient client() {
        return client;
    }

    /** A configuration for further clients. */
    public Config config() {
        return Config.fromKubeconfig(kubeconfig().toFile());
    }

    /** For kubectl and for the operator's process, by KUBECONFIG. */
    public Path kubeconfig() {
        return directory.resolve("kubeconfig");
    }

    private String kubeconfigText() throws IOException {
        String certificate = Base64.getEncoder().encodeToString(Files.readAllBytes(ca.caPem()));
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: embedded
                  cluster: {server: "%s", certificate-authority-data: %s}
                users:
                - name: embedded
                  user: {token: %s}
                contexts:
                - name: embedded
                  context: {cluster: embedded, user: embedded, namespace: default}
                current-context: embedded
                """.formatted(url(), certificate, TOKEN);
    }

    /**
     * Applies every document of a YAML stream, with force, as kubectl would; not in the audit.
     *
     * @throws ApiException when one is refused; those before it stay
     */
    public void applyYaml(String yaml) {
        api.apply(yaml);
    }

    /** Every request so far, and every exec's command. */
    public Audit audit() {
        return api.audit();
    }

    /** What the server shall do wrong. */
    public Faults faults() {
        return api.faults();
    }

    /**
     * Creates a pod that is Running and Ready.
     *
     * @param root a directory of this host that stands for the file system's root: {@code /workspace/x} of a command is
     *     {@code ROOT/workspace/x}
     */
    public void startPod(
            String namespace, String name, Map<String, String> labels, List<String> containers, Path root) {
        api.startPod(namespace, name, labels, containers, root);
    }

    /** Runs a pod that a client has created: until then it is Pending. */
    public void runPod(String namespace, String name, Path root) {
        api.runPod(namespace, name, root);
    }

    /** Deletes a pod and runs another of the same name, labels and containers, with another uid. */
    public void replacePod(String namespace, String name, Path root) {
        api.replacePod(namespace, name, root);
    }

    /** Ends a pod's containers; the pod stays as Succeeded or Failed. */
    public void terminatePod(String namespace, String name, boolean succeeded) {
        api.terminatePod(namespace, name, succeeded);
    }

    public void setPodReady(String namespace, String name, boolean ready) {
        api.setPodReady(namespace, name, ready);
    }

    /** Breaks the connection of every watch. */
    public void dropWatches() {
        api.dropWatches();
    }

    /** Forgets the history: a watch from an older version is answered with 410. */
    public void compact() {
        api.compact();
    }

    /** Sends a bookmark to every watch that asked for them. */
    public void sendBookmarks() {
        api.sendBookmarks();
    }

    /** How many watches are open. */
    public int watches() {
        return api.watches();
    }

    @Override
    public void close() {
        client.close();
        api.close();
    }
}
