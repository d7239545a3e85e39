package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.SandboxCheckout;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a cluster does to a publish that is under way: each time it ends once, whole, and by itself. */
class FaultsControlPlaneIT extends ControlPlaneOperatorScenario {
    private static final ControlPlaneProcesses PROCESSES = new ControlPlaneProcesses();

    @AfterEach
    void endFaults() throws Exception {
        up();
    }

    private static void up() throws Exception {
        PROCESSES.up();
        world.awaitPublishesTaken();
    }

    @Test
    void theApiServerDiesWithinAPushAndComesBack() throws Exception {
        Team team = team("apiserver");
        SandboxCheckout checkout = team.work();
        Fault held = team.publishAndHold(Fault.Match::holdingTheAnswer);

        PROCESSES.kill("kube-apiserver");
        held.release();
        up();

        team.assertPublishedOnce("fix", checkout.head());
        Team next = team("apiserver-next");
        SandboxCheckout second = next.work();
        next.publish("fix", "");
        next.assertPublishedOnce("fix", second.head());
    }

    /** Neither an API server that has just been started nor a compacted etcd has the versions in between: 410, Gone. */
    @Test
    void whatHappenedWhileNoWatchCouldTellIsFoundByReadingAllAnew() throws Exception {
        Team team = team("gone");
        SandboxCheckout checkout = team.work();
        team.publish("before", "  headBranch: agent/before\n  createPullRequest: false");
        team.awaitEnd("before");

        operator.pause();
        PROCESSES.kill("kube-apiserver");
        PROCESSES.compact();
        up();
        team.kubectl(0, "delete", "spub", "before");
        team.publish("fix", "");
        long lists = lists();
        operator.resume();

        team.assertPublishedOnce("fix", checkout.head());
        assertThat(lists()).isGreaterThan(lists);
    }

    /** How often the operator has listed publishes. */
    private static long lists() throws Exception {
        return Files.readAllLines(Path.of(System.getProperty("controlplane.dir", ""), "audit.log")).stream()
                .filter(line -> line.contains("\"verb\":\"list\"")
                        && line.contains("\"resource\":\"sessionpublishes\"")
                        && line.contains("\"username\":\"" + ControlPlaneWorld.OPERATOR_USER + "\""))
                .count();
    }

    @Test
    void etcdStandsStillWithinAPush() throws Exception {
        Team team = team("etcd");
        SandboxCheckout checkout = team.work();
        Fault held = team.publishAndHold(Fault.Match::holdingTheAnswer);
        int told = operator.log().length();

        PROCESSES.pause("etcd");
        try {
            held.release();
            Pattern trouble = Pattern.compile("(?i)timed? ?out|timeout");
            await().atMost(Duration.ofSeconds(90))
                    .until(() -> trouble.matcher(operator.log().substring(told)).find());
        } finally {
            PROCESSES.resume("etcd");
        }

        team.assertPublishedOnce("fix", checkout.head());
    }

    @Test
    void theNodeGoesWithinAPackAndComesBack() throws Exception {
        Team team = team("node");
        SandboxCheckout checkout = team.work(Team.noise(30_000_000));
        Fault held = team.publishAndHold(match -> match.stallingAfterRequestBytes(100_000));

        PROCESSES.kill("procnode");
        held.release();
        team.awaitThat("fix", publish -> publish.getStatus().reason() != null);
        up();

        team.assertPublished("fix", checkout.head());
    }

    @Test
    void theContainerRestartsAndIsWaitedFor() throws Exception {
        Team team = team("restart");
        SandboxCheckout checkout = team.work();
        team.kubectl(0, "exec", "s7", "--", "sh", "-c", "(sleep 1; kill -TERM 1) >/dev/null 2>&1 &");
        team.publish("fix", "");

        team.assertPublishedOnce("fix", checkout.head());
        await().atMost(Duration.ofSeconds(60))
                .until(() -> world.admin()
                                .pods()
                                .inNamespace(team.namespace())
                                .withName("s7")
                                .get()
                                .getStatus()
                                .getContainerStatuses()
                                .get(0)
                                .getRestartCount()
                        > 0);
    }

    @Test
    void thePodIsReplacedWithinThePushAndThePushIsGoodAllTheSame() throws Exception {
        Team team = team("replaced");
        SandboxCheckout checkout = team.work();
        Fault held = team.publishAndHold(Fault.Match::holdingTheAnswer);

        team.kubectl(0, "delete", "pod", "s7", "--timeout=60s");
        team.startPod();
        held.release();

        team.assertPublishedOnce("fix", checkout.head());
    }

    @Test
    void theDefinitionIsUpgradedWhileAPublishIsUnderWay() throws Exception {
        Team team = team("upgrade");
        SandboxCheckout checkout = team.work();
        Fault held = team.publishAndHold(Fault.Match::holdingTheAnswer);

        KubernetesClient admin = world.admin();
        CustomResourceDefinition present = admin.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName("sessionpublishes.sessionpublish.dev")
                .edit(definition -> {
                    definition
                            .getSpec()
                            .getVersions()
                            .get(0)
                            .getAdditionalPrinterColumns()
                            .remove(0);
                    return definition;
                });
        assertThat(present.getMetadata().getGeneration()).isGreaterThan(1);
        world.controlPlane().applyCrds(admin);
        held.release();

        team.assertPublishedOnce("fix", checkout.head());
        assertThat(team.kubectl(0, "diff", "-f", team.file(team.publishYaml("fix", ""))))
                .isEmpty();
    }
}
