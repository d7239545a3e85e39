package dev.sessionpublish.bench;

import dev.sessionpublish.controlplane.ControlPlane;
import dev.sessionpublish.embedded.GitHubStandIn;
import dev.sessionpublish.embedded.GitServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A cluster with exec, a git server and GitHub's API, in which product and script do the same. Requests of the operator
 * are told from those of the measurement itself.
 */
interface BenchWorld extends AutoCloseable {
    /** The real API server if the system property {@code controlplane.kubeconfig} names one, else the embedded default. */
    static BenchWorld start(Path directory) throws IOException {
        return System.getProperty(ControlPlane.KUBECONFIG, "").isEmpty()
                ? EmbeddedBenchWorld.start(directory)
                : ControlPlaneBenchWorld.start(directory);
    }

    /** Of the directory of the figures. */
    String name();

    /** Of the measurement. */
    KubernetesClient client();

    /** For kubectl. */
    Path kubeconfig();

    /** The program that an exec of the script is started by. */
    String kubectl();

    /** For the operator's process. */
    Map<String, String> operatorEnvironment();

    GitServer git();

    GitHubStandIn gitHub();

    /** A file with the certificate of the forge's authority. */
    Path forgeCa();

    /** A directory that pods can see. */
    Path directory();

    /** A namespace in which pods can be created. */
    String createNamespace(String prefix);

    /** Starts a sandbox whose {@link #workspaceInPod} is a directory of this host. */
    void startPod(String namespace, String pod, Path workspace);

    /** The workspace as a command of an exec names it. */
    String workspaceInPod();

    /** Requests of the operator to the API server since {@link #forgetApiRequests}, by verb and resource. */
    Map<String, Long> apiRequests() throws IOException;

    void forgetApiRequests() throws IOException;

    @Override
    void close() throws IOException;
}
