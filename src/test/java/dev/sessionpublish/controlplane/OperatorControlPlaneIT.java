package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.SandboxCheckout;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The packaged operator under its own service account, publishing from real pods. */
class OperatorControlPlaneIT extends ControlPlaneOperatorScenario {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Instant STARTED = Instant.now();

    @Override
    Map<String, String> settings() {
        return Map.of("SESSION_PUBLISH_LOG_LEVEL", "debug");
    }

    /** What holds of all that has happened: no right was missing, no credential shows, nothing was unforeseen. */
    @AfterAll
    static void nothingUnforeseenHappened() throws Exception {
        List<JsonNode> refused =
                audited(each -> each.at("/user/username").asText().equals(ControlPlaneWorld.OPERATOR_USER)
                        && each.at("/responseStatus/code").asInt() == 403
                        && !each.at("/responseStatus/message").asText().contains("because it is being terminated")
                        && each.at("/requestReceivedTimestamp").asText().compareTo(STARTED.toString()) > 0);
        String log = operator.log();
        assertThat(refused).isEmpty();
        assertThat(log).doesNotContain("Uncaught error");
        for (String form : canaries()) {
            assertThat(log).doesNotContain(form);
            assertThat(Files.readString(auditLog())).doesNotContain(form);
        }
    }

    private static List<String> canaries() {
        String token = ControlPlaneWorld.TOKEN;
        return List.of(
                token,
                URLEncoder.encode(token, StandardCharsets.UTF_8),
                Base64.getEncoder().encodeToString(("x-access-token:" + token).getBytes(StandardCharsets.UTF_8)));
    }

    private static Path auditLog() {
        return Path.of(System.getProperty("controlplane.dir", ""), "audit.log");
    }

    private static List<JsonNode> audited(Predicate<JsonNode> which) throws Exception {
        List<JsonNode> found = new ArrayList<>();
        try (Stream<String> lines = Files.lines(auditLog())) {
            for (String line : (Iterable<String>) lines::iterator) {
                JsonNode entry = JSON.readTree(line);
                if (which.test(entry)) {
                    found.add(entry);
                }
            }
        }
        return found;
    }

    private static long requests(Team team, String verb, String resource, String subresource) throws Exception {
        return audited(each -> each.at("/user/username").asText().equals(ControlPlaneWorld.OPERATOR_USER)
                        && each.at("/objectRef/namespace").asText().equals(team.namespace())
                        && each.at("/verb").asText().equals(verb)
                        && each.at("/objectRef/resource").asText().equals(resource)
                        && each.at("/objectRef/subresource").asText().equals(subresource)
                        && each.at("/stage").asText().equals("ResponseComplete"))
                .size();
    }

    @Test
    void committedWorkBecomesABranchAndAPullRequest() throws Exception {
        Team team = team("plain");
        SandboxCheckout checkout = team.work();
        team.awaitDefaultBranch();

        team.publish("fix", "");

        team.assertPublishedOnce("fix", checkout.head());
        assertThat(requests(team, "patch", "sessionpublishes", "status")).isEqualTo(3);
        assertThat(requests(team, "get", "pods", "exec") + requests(team, "create", "pods", "exec"))
                .isEqualTo(1);
        assertThat(world.git().requests().stream().filter(each -> each.path().startsWith("/" + team.repository())))
                .hasSize(2);
        String row = team.kubectl(0, "get", "spub");
        String described = team.kubectl(0, "describe", "spub", "fix");
        assertThat(row.lines().skip(1))
                .singleElement()
                .asString()
                .matches("fix +PullRequestCreated +agent/fix +https://\\S+/pull/1 +\\S+ *");
        assertThat(described.substring(described.indexOf("\nEvents:")))
                .containsSubsequence(
                        "GitPushStarted", "GitPushSucceeded", "PullRequestStarted", "PullRequestSucceeded");
        System.out.println(row);
        System.out.println(team.kubectl(0, "get", "spub,sproj", "-o", "wide"));
        System.out.println(described);
    }

    @Test
    void aCheckoutThatThePodMadeItselfIsPublishedWithoutAPullRequest() throws Exception {
        Team team = team("own");
        team.startPod("""
                initContainers:
                  - name: clone
                    image: none
                    command:
                      - sh
                      - -ec
                      - >-
                        git -c safe.directory='*' clone --quiet file:///origin /workspace/repo; cd /workspace/repo;
                        git config user.name Agent; git config user.email agent@example.com;
                        git checkout --quiet -b agent/own; echo 1 > one; git add one;
                        git commit --quiet -m One
                    volumeMounts:
                      - {name: workspace, mountPath: /workspace}
                      - {name: origin, mountPath: /origin, readOnly: true}
                containers:
                  - name: agent
                    image: none
                    command: [sleep, infinity]
                    volumeMounts: [{name: workspace, mountPath: /workspace}]
                  - {name: proxy, image: none, command: [sleep, infinity]}
                volumes:
                  - {name: workspace, emptyDir: {}}
                  - {name: origin, hostPath: {path: "%s"}}
                """.formatted(team.bare()));

        team.publish("ambiguous", "  createPullRequest: false");
        assertThat(team.awaitEnd("ambiguous").getStatus())
                .satisfies(status -> assertThat(status.reason()).isEqualTo("container-ambiguous"))
                .satisfies(status -> assertThat(status.message()).contains("agent, proxy"));
        team.apply(team.publishYaml("own", "  createPullRequest: false")
                .replace("{podName: s7}", "{podName: s7, container: agent}"));

        SessionPublish publish = team.awaitEnd("own");
        assertThat(publish.getStatus().phase()).as("%s", publish.getStatus()).isEqualTo(Phase.Pushed);
        assertThat(world.git().git(team.repository()).run("log", "--format=%an %s", "-1", "agent/own"))
                .isEqualTo("Agent One");
        assertThat(world.gitHub().pulls(team.repository())).isEmpty();
    }

    @Test
    void withoutATokenForPullRequestsThereIsALink() throws Exception {
        Team team = world.team("manual");
        team.apply(team.secretYaml("push-token"));
        team.apply(team.projectYaml());
        team.work();

        team.publish("fix", "");

        SessionPublish publish = team.awaitEnd("fix");
        assertThat(publish.getStatus().phase())
                .as("%s", publish.getStatus())
                .isEqualTo(Phase.ManualPullRequestRequired);
        assertThat(publish.getStatus().manualPullRequest().url())
                .startsWith(world.git().url(team.repository()) + "/compare/main...agent/fix?expand=1&title=Fix");
        assertThat(team.events("fix")).containsExactly("git.push.started", "git.push.succeeded", "git.pr.manual");
        assertThat(team.kstatus("fix")).isEqualTo("Current");
    }

    @Test
    void badInputIsRefusedByTheSchemaWithASentence() throws Exception {
        Team team = world.team("schema");

        assertThat(team.refused(team.publishYaml("fix", "  headBranch: refs/heads/fix")))
                .contains("spec.headBranch")
                .contains("is invalid");
        assertThat(team.refused(team.publishYaml("fix", "  baseBranch: main\n  headBranch: MAIN")))
                .contains("must differ from spec.baseBranch");
        assertThat(team.refused(team.publishYaml("fix", "").replace("{podName: s7}", "{podName: s7, sessionName: s7}")))
                .contains("exactly one of podName, sandboxName and sessionName must be set");
    }

    @Test
    void aProtectedBranchIsRefusedByReason() throws Exception {
        Team team = team("protected");
        team.work();

        team.publish("fix", "  baseBranch: main\n  headBranch: release/1.0");

        SessionPublish publish = team.awaitEnd("fix");
        assertThat(publish.getStatus().phase()).isEqualTo(Phase.Failed);
        assertThat(publish.getStatus().reason()).isEqualTo("protected-branch");
        assertThat(publish.getStatus().message()).contains("release/*");
        assertThat(team.kstatus("fix")).isEqualTo("Failed");
        assertThat(team.tip("release/1.0")).isEmpty();
        assertThat(team.events("fix")).containsExactly("git.push.failed");
        System.out.println(team.kubectl(0, "get", "spub"));
    }

    @Test
    void aHumansCommitSurvivesUntilForceIsAskedForAndThenTheSpecIsFixed() throws Exception {
        Team team = team("force");
        SandboxCheckout checkout = team.work();
        var git = world.git().git(team.repository());
        String human = git.run("commit-tree", "-m", "By hand", "-p", "main", "main^{tree}");
        git.run("update-ref", "refs/heads/agent/fix", human);

        String named = "  headBranch: agent/fix\n";
        team.publish("fix", named);

        SessionPublish refused = team.awaitEnd("fix");
        assertThat(refused.getStatus().phase()).isEqualTo(Phase.Failed);
        assertThat(refused.getStatus().reason()).isEqualTo("non-fast-forward");
        assertThat(team.tip("agent/fix")).contains(human);
        team.publish("fix", named + "  force: true");
        SessionPublish forced = team.awaitPhase("fix", Phase.PullRequestCreated);
        assertThat(forced.getStatus().push().forced()).isTrue();
        assertThat(forced.getStatus().push().previousCommit()).isEqualTo(human);
        assertThat(team.tip("agent/fix")).contains(checkout.head());
        assertThat(team.refused(team.publishYaml("fix", "  force: true\n  headBranch: agent/other")))
                .contains("spec.headBranch")
                .contains("is immutable once the push has started; create another SessionPublish for the change");
        assertThat(team.refused(team.publishYaml("fix", named)))
                .contains("spec.force")
                .contains("is immutable once the push has started");
        team.publish("fix", named + "  force: true\n  title: Another title");
        team.awaitThat(
                "fix",
                publish -> publish.getMetadata()
                                .getGeneration()
                                .equals(publish.getStatus().observedGeneration())
                        && publish.getStatus().phase() == Phase.PullRequestCreated);
        assertThat(world.gitHub().pulls(team.repository())).hasSize(1);
    }

    @Test
    void whatIsMissingIsWaitedForInAnyOrder() throws Exception {
        Team team = world.team("order");
        SandboxCheckout checkout = team.checkout().branch("agent/fix").commit("Fix", "fix.txt", "fixed");

        team.publish("fix", "");
        assertThat(team.awaitReason("fix", "project-not-found").getStatus().phase())
                .isEqualTo(Phase.Failed);
        team.apply(team.projectYaml());
        team.awaitReason("fix", "missing-credentials");
        team.apply(team.secretYaml("token"));
        team.awaitReason("fix", "sandbox-not-ready");
        assertThat(team.kstatus("fix")).isEqualTo("InProgress");
        team.startPod();

        team.awaitPhase("fix", Phase.PullRequestCreated);
        assertThat(team.updates("agent/fix")).containsExactly(checkout.head());
    }

    @Test
    void publishProjectAndSecretCanBeAppliedAtOnce() throws Exception {
        Team team = world.team("atonce");
        SandboxCheckout checkout = team.work();

        team.apply(String.join("---\n", team.publishYaml("fix", ""), team.projectYaml(), team.secretYaml("token")));

        team.awaitPhase("fix", Phase.PullRequestCreated);
        assertThat(team.updates("agent/fix")).containsExactly(checkout.head());
        assertThat(world.gitHub().pulls(team.repository())).hasSize(1);
    }

    @Test
    void applyingTheSameManifestAgainWritesNothing() throws Exception {
        Team team = team("gitops");
        team.work();
        String manifest = team.file(team.publishYaml("fix", ""));
        team.kubectl(0, "apply", "--server-side", "--field-manager=gitops", "-f", manifest);
        team.awaitEnd("fix");
        String version = team.get("fix").getMetadata().getResourceVersion();

        team.kubectl(0, "apply", "--server-side", "--field-manager=gitops", "-f", manifest);

        assertThat(team.get("fix").getMetadata().getResourceVersion()).isEqualTo(version);
        assertThat(team.kubectl(0, "diff", "--server-side", "--field-manager=gitops", "-f", manifest))
                .isEmpty();
        assertThat(team.kstatus("fix")).isEqualTo("Current");
    }

    @Test
    void kstatusReadsEachPhaseRight() throws Exception {
        Team team = team("kstatus");
        SandboxCheckout checkout = team.checkout();
        team.startPod();
        team.publish("nothing", "");
        team.publish("asleep", "  suspend: true");
        assertThat(team.awaitEnd("nothing").getStatus().phase()).isEqualTo(Phase.NothingToPublish);
        assertThat(team.kstatus("nothing")).isEqualTo("Current");
        team.awaitThat("asleep", publish -> publish.getStatus().phase() == Phase.Suspended);
        assertThat(team.kstatus("asleep")).isEqualTo("InProgress");

        checkout.branch("agent/fix").commit("Fix", "fix.txt", "fixed");
        Fault held = team.publishAndHold(Fault.Match::holdingTheAnswer);
        assertThat(team.get("fix").getStatus().phase()).isEqualTo(Phase.Pushing);
        assertThat(team.kstatus("fix")).isEqualTo("InProgress");
        held.release();
        team.awaitEnd("fix");
        assertThat(team.kstatus("fix")).isEqualTo("Current");
        assertThat(team.kubectl(0, "wait", "--for=condition=Ready", "spub/fix", "--timeout=5s"))
                .contains("condition met");

        team.kubectl(0, "patch", "spub", "asleep", "--type=merge", "-p", "{\"spec\":{\"suspend\":false}}");
        assertThat(team.awaitEnd("asleep").getStatus().phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(team.get("asleep").getStatus().pullRequest().adopted()).isTrue();
    }

    @Test
    void anExecThatIsCutAnywhereNeverPushesAndIsRepeatedUntilItIsWhole() throws Exception {
        Team team = team("cut");
        SandboxCheckout checkout = team.checkout().branch("agent/fix").commit("First", "first.txt", "1");
        String first = checkout.head();
        checkout.git(
                "push",
                "--quiet",
                world.git().repository(team.repository()).toUri().toString(),
                "agent/fix");
        checkout.commits(1_500);
        team.startPod();
        team.annotatePod("procnode/exec-cut-after", "1");
        team.publish("fix", "  headBranch: agent/fix");
        int attempts = 0;
        // Within the header, at its end, within the chain of commits (some 400 KB), within the pack.
        for (String bytes : List.of("1", "20", "200", "700", "4096", "65536", "250000", "500000")) {
            team.annotatePod("procnode/exec-cut-after", bytes);
            int seen = attempts;
            // The attempt that runs while the annotation changes may still be of the old one: wait for two.
            SessionPublish waiting = team.awaitThat(
                    "fix",
                    publish -> publish.getStatus().phase() == Phase.Waiting
                            && publish.getStatus().attempts() >= seen + 2);
            attempts = waiting.getStatus().attempts();
            assertThat(waiting.getStatus().reason())
                    .as("%s", waiting.getStatus())
                    .isEqualTo("exec-failed");
            assertThat(waiting.getStatus().message()).doesNotContain("Exception");
            assertThat(team.tip("agent/fix")).contains(first);
        }
        System.out.println(team.kubectl(0, "get", "spub", "-o", "wide"));
        team.annotatePod("procnode/exec-cut-after", "");

        SessionPublish published = team.awaitEnd("fix");

        assertThat(published.getStatus().phase())
                .as("%s", published.getStatus())
                .isEqualTo(Phase.PullRequestCreated);
        assertThat(team.tip("agent/fix")).contains(checkout.head());
        assertThat(team.updates("agent/fix")).containsExactly(checkout.head(), first);
    }

    @Test
    void anExecThatTheNodeRefusesIsRepeated() throws Exception {
        Team team = team("refused");
        SandboxCheckout checkout = team.work();
        team.annotatePod("procnode/exec-fail", "true");
        team.publish("fix", "");
        team.awaitReason("fix", "exec-failed");
        assertThat(team.kstatus("fix")).isEqualTo("InProgress");
        team.annotatePod("procnode/exec-fail", "");

        team.assertPublishedOnce("fix", checkout.head());
    }

    @Test
    void collaboratorsWhoMayOnlyCreatePublishesPublish() throws Exception {
        Team team = team("people");
        team.work();
        team.apply("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {namespace: %1$s, name: collaborator}
                rules:
                  - apiGroups: [sessionpublish.dev]
                    resources: [sessionpublishes]
                    verbs: [create, get, list, watch]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {namespace: %1$s, name: collaborators}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: collaborator}
                subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: dev}]
                """.formatted(team.namespace()));
        for (String person : List.of("alice", "bob")) {
            ControlPlane own = world.controlPlane().as(person);
            own.kubectl(0, "create", "-f", team.file(team.publishYaml(person, "  headBranch: agent/" + person)));
            SessionPublish publish = team.awaitEnd(person);
            assertThat(publish.getStatus().phase())
                    .as("%s", publish.getStatus())
                    .isEqualTo(Phase.PullRequestCreated);
            assertThat(own.kubectl(0, "get", "spub", person, "-n", team.namespace()))
                    .contains("PullRequestCreated");
            assertThat(own.kubectl(1, "get", "secret", "web", "-n", team.namespace()))
                    .contains("forbidden");
            assertThat(own.kubectl(1, "exec", "s7", "-n", team.namespace(), "--", "id"))
                    .contains("forbidden");
            assertThat(own.kubectl(1, "annotate", "spub", person, "-n", team.namespace(), "a=b"))
                    .contains("forbidden");
        }
    }

    @Test
    void aNamespaceThatIsDeletedWithinAPushEndsWithoutEndlessErrors() throws Exception {
        Team team = team("leaving");
        team.work();
        Fault held = team.publishAndHold(Fault.Match::holdingTheAnswer);

        team.kubectl(0, "delete", "namespace", team.namespace(), "--wait=false");
        team.kubectl(0, "wait", "--for=delete", "spub/fix", "--timeout=60s");
        held.release();
        team.kubectl(0, "wait", "--for=delete", "namespace/" + team.namespace(), "--timeout=120s");
        long errors = errorsAbout(team);

        Team next = team("after");
        next.work();
        next.publish("fix", "");
        next.awaitEnd("fix");
        assertThat(errorsAbout(team)).as(() -> operator.log()).isEqualTo(errors).isLessThan(10);
    }

    private static long errorsAbout(Team team) {
        return operator.log()
                .lines()
                .filter(line ->
                        line.contains(team.namespace()) && (line.contains(" ERROR ") || line.contains(" WARN ")))
                .count();
    }
}
