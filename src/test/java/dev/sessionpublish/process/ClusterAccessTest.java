package dev.sessionpublish.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sessionpublish.config.InvalidConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each way in which no cluster can be found, before anything is connected to. */
class ClusterAccessTest {
    private static final String VALID = """
            apiVersion: v1
            kind: Config
            clusters: [{name: c, cluster: {server: "https://localhost:1/"}}]
            users: [{name: u, user: {}}]
            contexts: [{name: x, context: {cluster: c, user: u}}, {name: y, context: {cluster: gone, user: u}}]
            current-context: x
            """;
    private static final Map<String, String> IN_A_POD = Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1");

    @TempDir
    private Path directory;

    private Path home;
    private Path token;
    private ClusterAccess access;

    @BeforeEach
    void nothingIsThere() {
        home = directory.resolve("home-config");
        token = directory.resolve("token");
        access = new ClusterAccess(home, token);
    }

    @Test
    void anAbsentFileIsNamedWithItsVariable() {
        Path absent = directory.resolve("nope");

        assertThat(problem(kubeconfig(absent.toString())))
                .contains("KUBECONFIG=" + absent + ": no such file", "unset KUBECONFIG");
    }

    @Test
    void ofAListOneFileThatExistsIsEnough() throws Exception {
        Path file = file(VALID);

        assertNoProblem(kubeconfig(directory.resolve("nope") + ":" + file));
        assertThat(problem(kubeconfig(directory.resolve("nope") + ":" + directory.resolve("neither"))))
                .contains("no such file");
    }

    @Test
    void aDirectoryIsNoKubeconfig() {
        assertThat(problem(kubeconfig(directory.toString()))).contains(directory + " isn't a file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                             | is empty",
                "hello                          | isn't a valid kubeconfig",
                "'clusters: ['                  | isn't a valid kubeconfig",
                "'apiVersion: v1'               | no current-context is set",
                "'current-context: z'           | current-context: z doesn't exist",
            })
    void whatIsWrongInAFileIsSaid(String content, String expected) throws Exception {
        Path file = file(content);

        assertThat(problem(kubeconfig(file.toString()))).contains("KUBECONFIG=" + file, expected);
    }

    @Test
    void theContextsToChooseFromAreListed() throws Exception {
        Path file = file(VALID.replace("current-context: x", ""));

        assertThat(problem(kubeconfig(file.toString())))
                .contains("no current-context is set", "kubectl config use-context", "The contexts are: x, y");
    }

    @Test
    void aContextWhoseClusterIsMissingIsNamed() throws Exception {
        Path file = file(VALID.replace("current-context: x", "current-context: y"));

        assertThat(problem(kubeconfig(file.toString()))).contains("the cluster gone of current-context: y");
    }

    @Test
    void theDefaultFileIsHeldToTheSame() throws Exception {
        Files.writeString(home, "apiVersion: v1");

        assertThat(problem(Map.of())).contains("KUBECONFIG is unset, so " + home + " is used", "no current-context");
        Files.writeString(home, VALID);
        assertNoProblem(Map.of());
    }

    @Test
    void withNeitherAKubeconfigNorAPodItIsSaidHowToNameTheCluster() {
        assertThat(problem(Map.of()))
                .contains("KUBECONFIG is unset", home.toString(), "doesn't run in a pod", "set KUBECONFIG to the path");
        assertNoProblem(Map.of("KUBERNETES_MASTER", "https://localhost:1/"));
    }

    @Test
    void aPodWithoutATokenIsToldHowToGetOne() throws Exception {
        assertThat(problem(IN_A_POD)).contains(token.toString(), "automountServiceAccountToken");
        Files.writeString(token, "secret");
        assertNoProblem(IN_A_POD);
    }

    private static Map<String, String> kubeconfig(String value) {
        return Map.of("KUBECONFIG", value);
    }

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("kubeconfig"), content);
    }

    private String problem(Map<String, String> environment) {
        return catchThrowableOfType(InvalidConfigurationException.class, () -> access.check(environment))
                .getMessage();
    }

    private void assertNoProblem(Map<String, String> environment) {
        assertThatCode(() -> access.check(environment)).doesNotThrowAnyException();
    }
}
