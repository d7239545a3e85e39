package dev.sessionpublish.bench;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.GitHubStandIn;
import dev.sessionpublish.embedded.GitServer;
import dev.sessionpublish.embedded.TestCa;
import dev.sessionpublish.embedded.cluster.AuditEntry;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The embedded default: API server and forge are in the process of the tests, an exec starts a process of this host.
 * The real kubectl of the PATH talks to it.
 */
final class EmbeddedBenchWorld implements BenchWorld {
    private static final String USER_AGENT = "bench";
    private static final Pattern RESOURCE =
            Pattern.compile("/(?:api|apis/[^/]+)/[^/]+(?:/namespaces/[^/]+(?=/))?/([^/]+)(/[^/]+)?(/[^/]+)?");

    private final Path directory;
    private final TestCa ca;
    private final EmbeddedWorld world;
    private final KubernetesClient client;
    private final AtomicInteger namespaces = new AtomicInteger();

    private EmbeddedBenchWorld(Path directory) throws IOException {
        this.directory = directory;
        ca = TestCa.create(directory.resolve("ca"));
        world = EmbeddedWorld.start(directory, ca);
        Config config = world.cluster().config();
        config.setUserAgent(USER_AGENT);
        client = new KubernetesClientBuilder().withConfig(config).build();
    }

    static EmbeddedBenchWorld start(Path directory) throws IOException {
        return new EmbeddedBenchWorld(directory);
    }

    @Override
    public String name() {
        return "embedded";
    }

    @Override
    public KubernetesClient client() {
        return client;
    }

    @Override
    public Path kubeconfig() {
        return world.cluster().kubeconfig();
    }

    @Override
    public String kubectl() {
        return "kubectl";
    }

    @Override
    public Map<String, String> operatorEnvironment() {
        return world.environment();
    }

    @Override
    public GitServer git() {
        return world.git();
    }

    @Override
    public GitHubStandIn gitHub() {
        return world.gitHub();
    }

    @Override
    public Path forgeCa() {
        return ca.caPem();
    }

    @Override
    public Path directory() {
        return directory;
    }

    @Override
    public String createNamespace(String prefix) {
        return prefix + "-" + namespaces.incrementAndGet();
    }

    @Override
    public void startPod(String namespace, String pod, Path workspace) {
        world.cluster()
                .startPod(
                        namespace,
                        pod,
                        Map.of("sessionpublish.dev/sandbox", "true"),
                        List.of("agent"),
                        workspace.getParent());
    }

    @Override
    public String workspaceInPod() {
        return "workspace";
    }

    @Override
    public Map<String, Long> apiRequests() {
        return world.cluster().audit().entries().stream()
                .filter(entry -> !entry.userAgent().startsWith(USER_AGENT)
                        && !entry.userAgent().startsWith("kubectl"))
                .collect(groupingBy(EmbeddedBenchWorld::kind, TreeMap::new, counting()));
    }

    private static String kind(AuditEntry entry) {
        Matcher resource = RESOURCE.matcher(entry.path());
        if (!resource.matches()) {
            return entry.verb() + " " + entry.path();
        }
        String verb = entry.verb().equals("get") && resource.group(2) == null ? "list" : entry.verb();
        String subresource = resource.group(3) == null || verb.equals("exec") ? "" : resource.group(3);
        return verb + " " + resource.group(1) + subresource;
    }

    @Override
    public void forgetApiRequests() {
        world.cluster().audit().clear();
    }

    @Override
    public void close() throws IOException {
        client.close();
        world.close();
    }
}
