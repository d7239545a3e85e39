package dev.sessionpublish.forge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sessionpublish.OperatorInProcess;
import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionProjectStatus;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.GitHubToken;
import dev.sessionpublish.embedded.TestCa;
import io.fabric8.kubernetes.api.model.Condition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which hosts are talked to and what they are trusted by: one with the right CA bundle, one without any, one with
 * another's, one whose certificate is for another host name, and one that isn't listed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostsIT {
    private EmbeddedWorld world;
    private OperatorInProcess operator;
    /** At an address that its certificate doesn't name. */
    private HttpsServer misnamed;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        TestCa ca = TestCa.create(directory.resolve("ca"));
        world = EmbeddedWorld.start(directory, ca);
        TestCa other = TestCa.create(directory.resolve("other"));
        Path forges = directory.resolve("forges.yaml");
        String api = world.gitHub().apiUrl().toString();
        misnamed = HttpsServer.create(new InetSocketAddress("127.0.0.2", 0), 0);
        misnamed.setHttpsConfigurator(new HttpsConfigurator(ca.serverContext()));
        misnamed.start();
        Files.writeString(
                forges,
                Files.readString(forges)
                        + """
                - {host: untrusted.example, kind: GitHub, apiUrl: "%1$s"}
                - {host: mistrusted.example, kind: GitHub, apiUrl: "%1$s", caBundle: "%2$s"}
                - {host: misnamed.example, kind: GitHub, apiUrl: "%3$s", caBundle: "%4$s"}
                """.formatted(
                                api,
                                other.caPem(),
                                "https://127.0.0.2:" + misnamed.getAddress().getPort(),
                                ca.caPem()));
        operator = OperatorInProcess.start(world.cluster().config(), world.environment());
        world.secret("web", Map.of("token", EmbeddedWorld.TOKEN));
    }

    @AfterAll
    void stop() throws IOException {
        operator.close();
        world.close();
        misnamed.stop(0);
    }

    @Test
    void aHostThatIsNotListedIsNeverConnectedTo() throws IOException {
        AtomicInteger connections = new AtomicInteger();
        try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread acceptor = new Thread(() -> {
                try {
                    while (true) {
                        server.accept().close();
                        connections.incrementAndGet();
                    }
                } catch (IOException e) {
                    // Closed.
                }
            });
            acceptor.setDaemon(true);
            acceptor.start();

            Condition ready = readyOf("unlisted", "localhost:" + server.getLocalPort() + "/acme/web");

            assertThat(ready.getReason()).isEqualTo("UnsupportedHost");
            assertThat(ready.getMessage())
                    .contains(
                            "localhost:" + server.getLocalPort(),
                            "ask a cluster administrator to add the host to the forges file");
            assertThat(connections).hasValue(0);
        }
    }

    @Test
    void aHostIsTrustedByItsOwnBundle() {
        Condition ready = readyOf("trusted", "localhost:" + world.git().port() + "/acme/web");

        assertThat(ready.getStatus()).isEqualTo("True");
    }

    @Test
    void aPrivateCertificateWithoutABundleIsNetworkAndNamesTheCertificate() {
        Condition ready = readyOf("untrusted", "untrusted.example/acme/web");

        assertThat(ready.getReason()).isEqualTo("Network");
        assertThat(ready.getMessage()).contains("The certificate of", "set the caBundle of the host");
    }

    @Test
    void theBundleOfAnotherHostDoesNotHelp() {
        Condition ready = readyOf("mistrusted", "mistrusted.example/acme/web");

        assertThat(ready.getReason()).isEqualTo("Network");
        assertThat(ready.getMessage()).contains("The certificate of", "is not issued by a trusted CA");
    }

    @Test
    void aCertificateForAnotherNameIsNetworkAndNamesTheCertificate() {
        Condition ready = readyOf("misnamed", "misnamed.example/acme/web");

        assertThat(ready.getReason()).isEqualTo("Network");
        assertThat(ready.getMessage()).contains("The certificate of 127.0.0.2", "is for another host name");
    }

    @Test
    void aRenamedRepositoryIsToldByItsNewName() throws IOException {
        world.repository("acme/old");
        world.gitHub().token(EmbeddedWorld.TOKEN, "agent-bot").may(GitHubToken.Access.WRITE, "acme/old");
        world.gitHub().rename("acme/old", "acme/new");
        String host = "localhost:" + world.git().port();

        assertThat(readyOf("renamed", host + "/acme/old").getStatus()).isEqualTo("True");
        assertThat(get("renamed").getStatus().repository()).isEqualTo("https://" + host + "/acme/new");
    }

    private Condition readyOf(String project, String repository) {
        world.cluster().applyYaml("""
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionProject
                metadata: {namespace: %s, name: %s}
                spec: {repository: "https://%s", credentialsSecret: {name: web}}
                """.formatted(EmbeddedWorld.NAMESPACE, project, repository));
        return Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .until(() -> ready(get(project)), Optional::isPresent)
                .orElseThrow();
    }

    private static Optional<Condition> ready(SessionProject project) {
        return Optional.ofNullable(project.getStatus()).map(SessionProjectStatus::conditions).stream()
                .flatMap(List::stream)
                .filter(each -> each.getType().equals("Ready"))
                .findFirst();
    }

    private SessionProject get(String name) {
        return world.client()
                .resources(SessionProject.class)
                .inNamespace(EmbeddedWorld.NAMESPACE)
                .withName(name)
                .get();
    }
}
