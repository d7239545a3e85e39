package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.embedded.Access;
import dev.sessionpublish.embedded.ForgeStandIns;
import dev.sessionpublish.embedded.GitHubStandIn;
import dev.sessionpublish.embedded.GitHubToken;
import dev.sessionpublish.embedded.GitServer;
import dev.sessionpublish.embedded.TestCa;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A real API server with the CRDs and the operator's rights as docs/manifests has them, and around it the git server and
 * the GitHub stand-in that also the embedded tests use. The operator's processes are started by who uses this, under its
 * service account.
 */
public final class ControlPlaneWorld implements AutoCloseable {
    /** Long and odd enough to be found wherever it leaks. */
    static final String TOKEN = "ghp_canary+7Zq/9x=W3vRt5Yb8Nc1Md4Kf6Hg2Js";

    static final String OPERATOR_NAMESPACE = "session-publish";
    private static final String SERVICE_ACCOUNT = "session-publish-operator";
    public static final String OPERATOR_USER = "system:serviceaccount:" + OPERATOR_NAMESPACE + ":" + SERVICE_ACCOUNT;

    private final Path directory;
    private final ControlPlane controlPlane = ControlPlane.given();
    private final KubernetesClient admin = controlPlane.client();
    private final TestCa ca;
    private final ForgeStandIns forges;
    private @Nullable Path operatorKubeconfig;
    private final List<Team> teams = new ArrayList<>();

    private ControlPlaneWorld(Path directory) throws IOException {
        this.directory = directory;
        ca = TestCa.create(directory.resolve("ca"));
        forges = ForgeStandIns.start(ca, directory);
        gitHub().token(TOKEN, "agent-bot");
    }

    /** @param directory must be visible to pods as a hostPath */
    public static ControlPlaneWorld start(Path directory) throws IOException {
        ControlPlaneWorld world = new ControlPlaneWorld(directory);
        world.controlPlane.applyCrds(world.admin);
        manifest().stream()
                .filter(each -> !(each instanceof Deployment))
                .forEach(each -> world.admin.resource(each).forceConflicts().serverSideApply());
        world.operatorKubeconfig = world.kubeconfigOf(OPERATOR_NAMESPACE, SERVICE_ACCOUNT);
        world.awaitPublishesTaken();
        return world;
    }

    /**
     * Waits until publishes can be created: an API server that has just been started, or just got the definitions, answers
     * 503 until it has read what its policies fill in.
     */
    void awaitPublishesTaken() {
        SessionPublish any = admin.getKubernetesSerialization().unmarshal("""
                        apiVersion: sessionpublish.dev/v1alpha1
                        kind: SessionPublish
                        metadata: {namespace: default, name: any}
                        spec: {projectRef: {name: any}, source: {podName: any}}
                        """, SessionPublish.class);
        Awaitility.await().atMost(Duration.ofSeconds(90)).ignoreExceptions().until(() -> {
            try {
                return admin.resource(any).dryRun(true).create() != null;
            } catch (KubernetesClientException e) {
                return e.getCode() == 422;
            }
        });
    }

    /** What docs/manifests says. */
    static List<HasMetadata> manifest() {
        return Stream.of("operator.yaml", "requested-by.yaml")
                .flatMap(file -> load(ControlPlane.read(Path.of("docs", "manifests", file))).stream())
                .toList();
    }

    /** The objects of a stream of YAML documents. */
    static List<HasMetadata> load(String yaml) {
        try (KubernetesClient parser = new KubernetesClientBuilder().build()) {
            return parser.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                    .items();
        }
    }

    /** A file by which a process acts as a service account, by a token as pods get them. */
    Path kubeconfigOf(String namespace, String serviceAccount) throws IOException {
        String token = controlPlane
                .kubectl(0, "create", "token", serviceAccount, "-n", namespace, "--duration=2h")
                .strip();
        Path file = directory.resolve(namespace + "." + serviceAccount + ".kubeconfig");
        Files.writeString(file, """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s", certificate-authority-data: %s}}]
                users: [{name: u, user: {token: %s}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """.formatted(
                        admin.getMasterUrl(), admin.getConfiguration().getCaCertData(), token));
        assertThat(new ControlPlane(file).kubectl(0, "auth", "whoami"))
                .contains("system:serviceaccount:" + namespace + ":" + serviceAccount);
        return file;
    }

    public Path directory() {
        return directory;
    }

    public ControlPlane controlPlane() {
        return controlPlane;
    }

    public KubernetesClient admin() {
        return admin;
    }

    public TestCa ca() {
        return ca;
    }

    public GitServer git() {
        return forges.git();
    }

    public GitHubStandIn gitHub() {
        return forges.gitHub();
    }

    /** What the operator's process gets: quick retries, the forges file, one free port. */
    public Map<String, String> environment() {
        return forges.environment(Objects.requireNonNull(operatorKubeconfig), Duration.ofSeconds(20));
    }

    /** The packaged operator under its service account; returns when it is ready. */
    PackagedOperator startOperator(Map<String, String> more) throws IOException {
        Map<String, String> environment = environment();
        environment.putAll(more);
        return PackagedOperator.start(Files.createTempFile(directory, "operator", ".log"), environment);
    }

    /** A namespace of its own, and the repository that its sessions publish to. */
    Team team(String prefix) throws IOException {
        String namespace = controlPlane.createNamespace(admin, prefix);
        Team team = new GitHubTeam(this, namespace, "acme/" + namespace);
        git().createRepository(team.repository());
        git().config(team.repository(), "core.logAllRefUpdates", "true");
        teams.add(team);
        git().access()
                .token(
                        TOKEN,
                        "agent-bot",
                        teams.stream().collect(Collectors.toMap(Team::repository, any -> Access.Permission.WRITE)));
        gitHub().token(TOKEN, "agent-bot").may(GitHubToken.Access.WRITE, team.repository());
        return team;
    }

    @Override
    public void close() throws IOException {
        teams.forEach(Team::abandon);
        forges.close();
        admin.close();
    }
}
