package dev.sessionpublish.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sessionpublish.embedded.EmbeddedCluster;
import dev.sessionpublish.embedded.cluster.AuditEntry;
import dev.sessionpublish.outcome.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts on their way into a pod, with and without a proxy that has no room for them in a request line. */
@Timeout(120)
class PodExecIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int PROXY_LIMIT = 8 * 1024;

    @TempDir
    static Path directory;

    @AutoClose
    private static EmbeddedCluster cluster;

    private static SandboxContainer agent;

    private final PodExec exec = new PodExec(cluster.client());

    @BeforeAll
    static void start() throws IOException {
        cluster = EmbeddedCluster.in(directory).start();
        Path root = Files.createDirectory(directory.resolve("root"));
        cluster.startPod("default", "s7", Map.of(), List.of("agent"), root);
        agent = new SandboxContainer("default", "s7", "uid", "agent");
    }

    @AfterEach
    void endFaults() {
        cluster.faults().clear();
    }

    /** Prints its arguments, what it reads, and itself. */
    private static ShellScript script(int bytes) {
        String text = "IFS= read -r line\nprintf '%s\\n' \"$1\" \"$2\" \"$line\" end\nprintf '%s' \"$script\"\n";
        return new ShellScript(text + "# 'it'\"s \\ `\n".repeat(bytes / 12), List.of("a b", ""));
    }

    private String run(ShellScript script) throws Exception {
        try (ExecConversation conversation = exec.run(agent, script, LIMIT)) {
            conversation.send("typed\n");
            return new String(conversation.stdout().readAllBytes(), UTF_8);
        }
    }

    private static String expected(ShellScript script) {
        return "a b\n\ntyped\nend\n" + script.text();
    }

    private static long execs() {
        return cluster.audit().entries().stream()
                .filter(each -> each.verb().equals("exec"))
                .count();
    }

    @Test
    void withoutAProxyEachScriptTakesOneExecThatHoldsIt() throws Exception {
        ShellScript script = script(16 * 1024);
        int before = cluster.audit().entries().size();

        assertThat(run(script)).isEqualTo(expected(script));

        // Neither a list nor a get of the pod, which the client's exec would send to wait for its readiness.
        assertThat(cluster.audit()
                        .entries()
                        .subList(before, cluster.audit().entries().size()))
                .extracting(AuditEntry::verb)
                .containsExactly("exec");
        List<AuditEntry> all = cluster.audit().execs();
        assertThat(all.get(all.size() - 1).argv()).contains(script.text());
    }

    @ParameterizedTest
    @ValueSource(ints = {414, 431, 400})
    void aScriptThatIsTooLongForAProxyGoesOnStdinFromThenOn(int code) throws Exception {
        ShellScript script = script(16 * 1024);
        cluster.faults().refuseTargetsOver(PROXY_LIMIT, code);
        long before = execs();

        assertThat(run(script)).isEqualTo(expected(script));
        assertThat(execs()).isEqualTo(before + 2);

        assertThat(run(script)).isEqualTo(expected(script));
        assertThat(execs()).isEqualTo(before + 3);
    }

    @Test
    void aRefusalThatHasNothingToDoWithTheLengthChangesNothing() throws Exception {
        SandboxContainer none = new SandboxContainer("default", "s7", "uid", "no-such-container");

        assertThatThrownBy(() -> exec.run(none, script(100), LIMIT))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("no-such-container");

        long before = execs();
        ShellScript script = script(100);
        assertThat(run(script)).isEqualTo(expected(script));
        assertThat(execs()).isEqualTo(before + 1);
        List<AuditEntry> all = cluster.audit().execs();
        assertThat(all.get(all.size() - 1).argv()).contains(script.text());
    }
}
