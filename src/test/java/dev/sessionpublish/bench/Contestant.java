package dev.sessionpublish.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One of the ways to publish that are compared, besides the operator. */
enum Contestant {
    /** {@code kubectl exec … git push https://…token@…}, then a POST by curl: what the operator takes the place of. */
    SCRIPT {
        @Override
        String shell(Sandbox sandbox, String branch) {
            Tenant tenant = sandbox.tenant();
            BenchWorld world = tenant.world();
            return "%s --kubeconfig=%s exec -n %s %s -- env GIT_SSL_CAINFO=../ca.pem git -C %s/repo push -q %s HEAD:refs/heads/%s && %s"
                    .formatted(
                            world.kubectl(),
                            world.kubeconfig(),
                            tenant.namespace(),
                            sandbox.pod(),
                            world.workspaceInPod(),
                            url(tenant),
                            branch,
                            curl(tenant, branch));
        }
    },
    /** {@code git push} on the machine of the forge, then a POST by curl: no cluster at all. */
    PUSH_AND_POST {
        @Override
        String shell(Sandbox sandbox, String branch) {
            return PUSH.shell(sandbox, branch) + " && " + curl(sandbox.tenant(), branch);
        }
    },
    /** {@code git push} alone, likewise. */
    PUSH {
        @Override
        String shell(Sandbox sandbox, String branch) {
            return "GIT_SSL_CAINFO=../ca.pem git -C %s push -q %s HEAD:refs/heads/%s"
                    .formatted(sandbox.checkout().directory(), url(sandbox.tenant()), branch);
        }
    },
    /** {@code kubectl exec … true}: what of the script is kubectl and the exec. */
    EXEC {
        @Override
        String shell(Sandbox sandbox, String branch) {
            BenchWorld world = sandbox.tenant().world();
            return "%s --kubeconfig=%s exec -n %s %s -- true"
                    .formatted(
                            world.kubectl(),
                            world.kubeconfig(),
                            sandbox.tenant().namespace(),
                            sandbox.pod());
        }
    };

    private static final long PATIENCE_MINUTES = 30;

    abstract String shell(Sandbox sandbox, String branch);

    String label() {
        return name().toLowerCase(java.util.Locale.ROOT).replace("_and_", "+");
    }

    private static String url(Tenant tenant) {
        return tenant.world()
                .git()
                .url(tenant.repository())
                .replace("://", "://x-access-token:" + tenant.token() + "@");
    }

    private static String curl(Tenant tenant, String branch) {
        return "curl -sS --fail --cacert %s -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' -o /dev/null -d '{\"title\":\"Work\",\"head\":\"%s\",\"base\":\"main\",\"body\":\"\"}' %s/repos/%s/pulls"
                .formatted(
                        tenant.world().forgeCa(),
                        tenant.token(),
                        branch,
                        tenant.world().gitHub().apiUrl(),
                        tenant.repository());
    }

    /** A process that does it, with its output in a file that is deleted when all went well. */
    Run start(Sandbox sandbox, String branch) throws IOException {
        Path output = Files.createTempFile(sandbox.tenant().world().directory(), label(), ".out");
        List<String> command = new ArrayList<>(List.of("sh", "-c", shell(sandbox, branch)));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        builder.environment().put("GIT_TERMINAL_PROMPT", "0");
        return new Run(builder.start(), output);
    }

    /** A process that runs. */
    record Run(Process process, Path output) {
        void awaitSuccess() throws Exception {
            assertThat(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as("%s", Files.readString(output)).isZero();
            Files.delete(output);
        }
    }
}
