package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.lifecycle.StartedBy;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who asked: stamped, proven, kept and told. And who may ask at all. */
class RequestedByControlPlaneIT extends ControlPlaneScenario {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** What the sandbox runs as. */
    private static final String AGENT = "default";

    private static final String NO_WORKLOADS = "may not request publishes. To allow it, for example for GitOps, a"
            + " cluster administrator binds the ClusterRole session-publish-as-workload to it";

    private static Team team;
    private static ControlPlane admin;
    private static ControlPlane alice;
    private static ControlPlane bob;

    @BeforeAll
    static void start() throws Exception {
        admin = world.controlPlane();
        alice = admin.as("alice");
        bob = admin.as("bob");
        team = team("people");
        team.work();
        bind("collaborators", "session-publish-collaborator", "--group=dev");
        String probe = team.file(team.publishYaml("probe", ""));
        await().atMost(PATIENCE).until(() -> alice.ask("create", "--dry-run=server", "-o", "yaml", "-f", probe)
                .text()
                .contains("requestedBy: alice"));
        bind("agent", "session-publish-collaborator", "--serviceaccount=" + team.namespace() + ":" + AGENT);
        await().atMost(PATIENCE).until(() -> asAccount(AGENT)
                .ask("create", "--dry-run=server", "-f", probe)
                .text()
                .contains(NO_WORKLOADS));
    }

    private static void bind(String name, String role, String subject) {
        team.kubectl(0, "create", "rolebinding", name, "--clusterrole=" + role, subject);
    }

    private static void account(String name) {
        team.kubectl(0, "create", "serviceaccount", name);
    }

    /** By a token that is bound to no pod. */
    private static ControlPlane asAccount(String name) throws IOException {
        Path kubeconfig = world.directory().resolve(team.namespace() + "." + name + ".kubeconfig");
        return Files.exists(kubeconfig)
                ? new ControlPlane(kubeconfig)
                : new ControlPlane(world.kubeconfigOf(team.namespace(), name));
    }

    private static String file(String name, String more) throws IOException {
        return team.file(team.publishYaml(name, "  headBranch: agent/" + name + "\n  suspend: true\n" + more));
    }

    private static String requester(String name) {
        return team.get(name).getSpec().requestedBy();
    }

    @Test
    void twoPeopleOfOneNamespacePublishAndAreNamedInStatusEventsAndPullRequests() throws Exception {
        try (PackagedOperator operator = world.startOperator(Map.of())) {
            for (String person : List.of("alice", "bob")) {
                admin.as(person)
                        .kubectl(
                                0, "apply", "-f", team.file(team.publishYaml(person, "  headBranch: agent/" + person)));

                SessionPublish publish = team.awaitEnd(person);

                assertThat(publish.getStatus().phase()).as("%s", operator.log()).hasToString("PullRequestCreated");
                assertThat(publish.getSpec().requestedBy()).isEqualTo(person);
                assertThat(publish.getStatus().requestedBy()).isEqualTo(person);
                assertThat(publish.getStatus().history()).hasSize(4).allSatisfy(entry -> assertThat(entry.data())
                        .containsEntry("by", person));
                assertThat(eventsOf(person)).hasSize(4).allSatisfy(event -> assertThat(
                                event.getMetadata().getAnnotations())
                        .containsEntry("sessionpublish.dev/by", person));
                assertThat(world.gitHub().pulls(team.repository()))
                        .filteredOn(pull -> pull.headBranch().equals("agent/" + person))
                        .singleElement()
                        .satisfies(pull -> assertThat(pull.body()).contains("requested by " + person));
            }
        }
    }

    private static List<Event> eventsOf(String name) {
        return world.admin().events().v1().events().inNamespace(team.namespace()).list().getItems().stream()
                .filter(event -> event.getRegarding().getName().equals(name))
                .toList();
    }

    @Test
    void theOwnNameIsTakenAndAForeignOneIsRefusedWithTheNameToWrite() throws Exception {
        assertThat(bob.kubectl(1, "create", "-f", file("foreign", "  requestedBy: alice")))
                .contains("spec.requestedBy must be \"bob\", the user who creates this SessionPublish");

        bob.kubectl(0, "create", "-f", file("own", "  requestedBy: bob"));

        assertThat(requester("own")).isEqualTo("bob");
    }

    @Test
    void whoeverChangesItLaterTheRequesterStays() throws Exception {
        alice.kubectl(0, "create", "-f", file("kept", "  title: One"));

        bob.edit("sed -i -e /requestedBy/d -e s/One/Two/", "spub", "kept", "-n", team.namespace())
                .with(0);
        assertThat(team.get("kept").getSpec().title()).isEqualTo("Two");
        assertThat(requester("kept")).isEqualTo("alice");
        bob.kubectl(0, "replace", "-f", file("kept", "  title: Three"));
        assertThat(team.get("kept").getSpec().title()).isEqualTo("Three");
        assertThat(requester("kept")).isEqualTo("alice");
        bob.kubectl(0, "apply", "-f", file("kept", "  title: Four"));
        bob.kubectl(0, "patch", "spub", "kept", "-n", team.namespace(), "--type=json", "-p", """
                [{"op": "remove", "path": "/spec/requestedBy"}]""");
        assertThat(requester("kept")).isEqualTo("alice");
        for (String other : List.of("bob", "")) {
            assertThat(bob.kubectl(
                            1, "patch", "spub", "kept", "-n", team.namespace(), "--type=merge", "-p", """
                    {"spec": {"requestedBy": "%s"}}""".formatted(
                                            other)))
                    .contains("spec.requestedBy: Forbidden: is immutable: it records who created this SessionPublish");
        }
        assertThat(requester("kept")).isEqualTo("alice");
    }

    @Test
    void applyingAgainShowsNoDriftAndChangesNothing() throws Exception {
        String manifest = file("drift", "");
        alice.kubectl(0, "apply", "-f", manifest);
        String version = team.get("drift").getMetadata().getResourceVersion();

        for (ControlPlane person : List.of(alice, bob)) {
            assertThat(person.kubectl(0, "diff", "-f", manifest)).isEmpty();
            assertThat(person.kubectl(0, "apply", "-f", manifest)).contains("unchanged");
        }

        assertThat(team.get("drift").getMetadata().getResourceVersion()).isEqualTo(version);
        assertThat(requester("drift")).isEqualTo("alice");
    }

    @Test
    void managersThatApplyTheSameDoNotConflictOverTheName() throws Exception {
        String silent = file("owned", "");
        String named = file("owned", "  requestedBy: alice");
        String[] apply = {"apply", "--server-side", "-f"};
        alice.kubectl(0, apply[0], apply[1], "--field-manager=flux", apply[2], named);
        bob.kubectl(0, apply[0], apply[1], "--field-manager=argocd", apply[2], silent);
        alice.kubectl(0, apply[0], apply[1], "--field-manager=flux", apply[2], silent);
        assertThat(requester("owned")).isEqualTo("alice");
        String version = team.get("owned").getMetadata().getResourceVersion();

        bob.kubectl(0, apply[0], apply[1], "--field-manager=argocd", apply[2], silent);
        alice.kubectl(0, apply[0], apply[1], "--field-manager=flux", apply[2], silent);

        assertThat(team.get("owned").getMetadata().getResourceVersion()).isEqualTo(version);
        assertThat(alice.kubectl(0, "diff", "--server-side", "--field-manager=flux", "-f", silent))
                .isEmpty();
    }

    /** What the schema refuses, with the place and the sentence; the policies that fill in who asks don't get in its way. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "projectRef: {name: web} | projectRef: web   | spec.projectRef",
                "source: {podName: s7}   | source: s7        | spec.source",
                "title: One              | labels: agent     | spec.labels",
                "title: One              | force: \"true\"   | spec.force",
                "title: One              | title: 5          | spec.title",
                "title: One              | ttlSecondsAfterFinished: soon | spec.ttlSecondsAfterFinished"
            })
    void aWrongTypeIsRefusedAsTheSchemaSays(String right, String wrong, String place) throws Exception {
        String name = "typed-" + Integer.toHexString(wrong.hashCode());
        String stored = team.publishYaml(name, "  suspend: true\n  title: One");
        String refused = team.file(stored.replace(right, wrong));

        for (String verb : List.of("create", "apply")) {
            assertRefusedBySchema(place, verb, "-f", refused);
        }
        assertRefusedBySchema(place, "apply", "--server-side", "-f", refused);
        alice.kubectl(0, "apply", "-f", team.file(stored));
        for (String verb : List.of("apply", "replace")) {
            assertRefusedBySchema(place, verb, "-f", refused);
        }
        assertRefusedBySchema(place, "apply", "--server-side", "--force-conflicts", "-f", refused);
        assertThat(requester(name)).isEqualTo("alice");
        assertThat(team.get(name).getMetadata().getAnnotations()).doesNotContainKey(StartedBy.ANNOTATION);
    }

    private static void assertRefusedBySchema(String place, String... arguments) {
        assertThat(bob.kubectl(1, arguments)).contains(place).doesNotContain("failed to convert", "policy '");
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "[web]", "5"})
    void aSpecThatIsNoObjectIsRefusedAsTheSchemaSays(String spec) throws Exception {
        String refused = team.file("""
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionPublish
                metadata: {namespace: %s, name: untyped}
                spec: %s
                """.formatted(team.namespace(), spec));

        assertRefusedBySchema("spec", "create", "-f", refused);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "annotations: null", "annotations: {}"})
    void whoChangesAnObjectWithoutAnnotationsIsRecorded(String annotations) throws Exception {
        String name = "bare-" + annotations.length();
        String bare = team.publishYaml(name, "  suspend: true\n  title: One")
                .replace(
                        "name: " + name + "}",
                        "name: " + name + (annotations.isEmpty() ? "}" : ", " + annotations + "}"));
        alice.kubectl(0, "create", "-f", team.file(bare));
        assertThat(team.get(name).getMetadata().getAnnotations()).isNullOrEmpty();

        bob.kubectl(0, "replace", "-f", team.file(bare.replace("title: One", "title: Two")));

        assertThat(starter(name)).isEqualTo("bob");
        alice.kubectl(0, "replace", "-f", team.file(bare.replace("title: One", "title: Two")));
        assertThat(starter(name)).isEqualTo("bob");
        assertThat(requester(name)).isEqualTo("alice");
    }

    @Test
    void whoIsImpersonatedIsTheRequester() throws Exception {
        String[] asCarol = {"--as=carol@example.com", "--as-group=dev", "--as-group=system:authenticated"};

        admin.kubectl(0, "create", "-f", file("carol", ""), asCarol[0], asCarol[1], asCarol[2]);

        assertThat(requester("carol")).isEqualTo("carol@example.com");
        assertThat(admin.kubectl(
                        1, "create", "-f", file("dave", "  requestedBy: admin"), asCarol[0], asCarol[1], asCarol[2]))
                .contains("spec.requestedBy must be \"carol@example.com\"");
    }

    @Test
    void nobodyAsksWithoutLoggingIn() throws Exception {
        try (KubernetesClient anonymous = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(world.admin().getMasterUrl().toString())
                        .withCaCertData(world.admin().getConfiguration().getCaCertData())
                        .build())
                .build()) {
            var publish = anonymous.resource(anonymous
                    .getKubernetesSerialization()
                    .unmarshal(team.publishYaml("anonymous", ""), SessionPublish.class));
            assertThatThrownBy(publish::create)
                    .hasMessageContaining("User \"system:anonymous\" cannot create resource");

            bind("anonymous", "session-publish-collaborator", "--user=system:anonymous");

            await().atMost(PATIENCE).untilAsserted(() -> assertThatThrownBy(publish::create)
                    .hasMessageContaining(
                            "an anonymous user can't create a SessionPublish, because it records who requested it"));
        }
    }

    @Test
    void aServiceAccountMayNotAskWhateverItsTokenSays() throws Exception {
        alice.kubectl(0, "create", "-f", file("guarded", ""));
        String ofPod = team.kubectl(0, "create", "token", AGENT, "--bound-object-kind=Pod", "--bound-object-name=s7")
                .strip();
        Path bound = world.directory().resolve("bound.kubeconfig");
        Files.writeString(
                bound,
                Files.readString(asAccount(AGENT).kubeconfig())
                        .replaceAll("\\{token: [^}]*}", "{token: " + ofPod + "}"));
        for (ControlPlane agent : List.of(asAccount(AGENT), new ControlPlane(bound))) {
            assertThat(agent.kubectl(1, "create", "-f", file("by-agent", ""))).contains(NO_WORKLOADS);
            assertThat(agent.kubectl(1, "patch", "spub", "guarded", "-n", team.namespace(), "--type=merge", "-p", """
                    {"spec": {"title": "Mine"}}"""))
                    .contains(NO_WORKLOADS);
            assertThat(agent.kubectl(
                            1, "annotate", "spub", "guarded", "-n", team.namespace(), "sessionpublish.dev/retry-at=1"))
                    .contains(NO_WORKLOADS);
        }
    }

    /** As controllers do; the operator itself writes the status, which is a resource of its own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"metadata\": {\"annotations\": {\"example.com/seen\": \"yes\"}}}",
                "{\"metadata\": {\"labels\": {\"example.com/team\": \"web\"}}}",
                "{\"metadata\": {\"finalizers\": [\"example.com/hold\"]}}"
            })
    void aServiceAccountMayWriteWhatAsksForNothing(String change) throws Exception {
        String name = "written-" + Integer.toHexString(change.hashCode());
        alice.kubectl(0, "create", "-f", file(name, ""));

        asAccount(AGENT).kubectl(0, "patch", "spub", name, "-n", team.namespace(), "--type=merge", "-p", change);
        asAccount(AGENT).kubectl(0, "patch", "spub", name, "-n", team.namespace(), "--type=merge", "-p", """
                {"metadata": {"finalizers": null}}""");

        assertThat(requester(name)).isEqualTo("alice");
    }

    @Test
    void aServiceAccountWithTheVerbAsksAndIsNamed() throws Exception {
        account("gitops");
        String user = "system:serviceaccount:" + team.namespace() + ":gitops";
        bind("gitops", "session-publish-as-workload", "--serviceaccount=" + team.namespace() + ":gitops");
        ControlPlane gitops = asAccount("gitops");
        String manifest = file("deployed", "");
        await().atMost(PATIENCE)
                .until(() ->
                        gitops.ask("apply", "--server-side", "-f", manifest).exit() == 0);

        gitops.kubectl(0, "apply", "--server-side", "-f", file("deployed", "  title: Another"));
        gitops.kubectl(0, "annotate", "spub", "deployed", "-n", team.namespace(), "sessionpublish.dev/retry-at=1");

        assertThat(requester("deployed")).isEqualTo(user);
        assertThat(gitops.kubectl(1, "create", "-f", file("for-alice", "  requestedBy: alice")))
                .contains("spec.requestedBy must be \"" + user + "\"");
        assertThat(alice.kubectl(
                        1,
                        "create",
                        "rolebinding",
                        "self-made",
                        "-n",
                        team.namespace(),
                        "--clusterrole=session-publish-as-workload",
                        "--serviceaccount=" + team.namespace() + ":" + AGENT))
                .contains("forbidden");
    }

    /** What an administrator of the namespace, by Kubernetes' own roles, may and may not. */
    @Test
    void theRolesAreInKubernetesOwnExceptTheOneForWorkloads() throws Exception {
        bind("view", "view", "--user=vera");
        bind("edit", "edit", "--user=ed");
        bind("admin", "admin", "--user=ada");
        String namespace = "-n=" + team.namespace();
        for (String allowed : List.of(
                "vera get sessionpublishes",
                "vera list sessionprojects",
                "ed create sessionpublishes",
                "ed patch sessionpublishes",
                "ada create sessionprojects",
                "ada delete sessionpublishes")) {
            String[] words = allowed.split(" ");
            await(allowed)
                    .atMost(PATIENCE)
                    .until(() -> admin.ask("auth", "can-i", words[1], words[2], namespace, "--as=" + words[0])
                                    .exit()
                            == 0);
        }
        for (String refused : List.of(
                "vera create sessionpublishes",
                "ed create sessionprojects",
                "ed publish-as-workload sessionpublishes",
                "ada publish-as-workload sessionpublishes",
                "ada patch sessionpublishes/status",
                "ada patch sessionprojects/status")) {
            String[] words = refused.split(" ");
            String[] resource = words[2].split("/");
            assertThat(admin.ask(
                                    "auth",
                                    "can-i",
                                    words[1],
                                    resource[0],
                                    "--subresource=" + (resource.length > 1 ? resource[1] : ""),
                                    namespace,
                                    "--as=" + words[0])
                            .exit())
                    .as(refused)
                    .isEqualTo(1);
        }
    }

    /** As on Kubernetes before 1.36. */
    @Test
    void whereNothingFillsItInTheCreatorWritesTheirNameAndIsToldWhich() throws Exception {
        String binding = "requested-by.sessionpublish.dev";
        admin.kubectl(0, "delete", "mutatingadmissionpolicybinding", binding);
        try {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(alice.ask("create", "--dry-run=server", "-f", file("written", ""))
                                    .text())
                            .contains("spec.requestedBy is missing: set it to \"alice\", the user who creates this"));
            assertThat(alice.kubectl(1, "create", "-f", file("written", "  requestedBy: bob")))
                    .contains("spec.requestedBy must be \"alice\"");

            alice.kubectl(0, "create", "-f", file("written", "  requestedBy: alice"));

            bob.kubectl(0, "apply", "-f", file("written", "  requestedBy: alice\n  title: Another"));
            assertThat(bob.kubectl(1, "replace", "-f", file("written", "")))
                    .contains("spec.requestedBy: Forbidden: is immutable");
            assertThat(requester("written")).isEqualTo("alice");
        } finally {
            ControlPlaneWorld.manifest().stream()
                    .filter(each -> each.getKind().equals("MutatingAdmissionPolicyBinding"))
                    .forEach(each -> world.admin().resource(each).serverSideApply());
            await().atMost(PATIENCE)
                    .until(() -> alice.ask("create", "--dry-run=server", "-f", file("again", ""))
                                    .exit()
                            == 0);
        }
    }

    private static String starter(String name) {
        return team.get(name).getMetadata().getAnnotations().getOrDefault(StartedBy.ANNOTATION, "");
    }

    private static String[] annotate(String name, String... values) {
        return Stream.concat(
                        Stream.of("annotate", "--overwrite", "spub", name, "-n", team.namespace()), Stream.of(values))
                .toArray(String[]::new);
    }

    @Test
    void whoChangesTheSpecOrRetriesIsRecordedAndKeptWhateverElseIsWritten() throws Exception {
        alice.kubectl(0, "create", "-f", file("started", "  title: One"));
        assertThat(team.get("started").getMetadata().getAnnotations()).doesNotContainKey(StartedBy.ANNOTATION);

        bob.kubectl(0, annotate("started", "sessionpublish.dev/retry-at=1"));
        assertThat(starter("started")).isEqualTo("bob");
        alice.kubectl(0, annotate("started", "example.com/seen=yes"));
        alice.kubectl(0, annotate("started", StartedBy.ANNOTATION + "=carol"));
        alice.kubectl(0, annotate("started", StartedBy.ANNOTATION + "-"));
        admin.kubectl(
                0,
                "patch",
                "spub",
                "started",
                "-n",
                team.namespace(),
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\": {\"message\": \"Seen.\"}}");
        asAccount(AGENT).kubectl(0, annotate("started", "example.com/seen=again"));
        assertThat(starter("started")).isEqualTo("bob");

        alice.kubectl(0, "apply", "-f", file("started", "  title: Two"));
        assertThat(starter("started")).isEqualTo("alice");
        bob.edit("sed -i -e /requestedBy/d -e /started-by/d -e s/Two/Three/", "spub", "started", "-n", team.namespace())
                .with(0);
        assertThat(starter("started")).isEqualTo("bob");
        alice.kubectl(0, annotate("started", "sessionpublish.dev/retry-at=2", StartedBy.ANNOTATION + "=carol"));
        assertThat(starter("started")).isEqualTo("alice");
        assertThat(requester("started")).isEqualTo("alice");
    }

    @Test
    void managersThatApplyWithoutItKeepWhoStartedAndShowNoDrift() throws Exception {
        String first = file("kept-starter", "  title: One");
        String second = file("kept-starter", "  title: Two");
        String[] apply = {"apply", "--server-side", "--force-conflicts", "-f"};
        alice.kubectl(0, apply[0], apply[1], apply[2], "--field-manager=flux", apply[3], first);
        bob.kubectl(0, apply[0], apply[1], apply[2], "--field-manager=argocd", apply[3], second);
        assertThat(starter("kept-starter")).isEqualTo("bob");
        alice.kubectl(0, apply[0], apply[1], apply[2], "--field-manager=flux", apply[3], second);
        String version = team.get("kept-starter").getMetadata().getResourceVersion();

        for (int n = 0; n < 2; n++) {
            bob.kubectl(0, apply[0], apply[1], apply[2], "--field-manager=argocd", apply[3], second);
            alice.kubectl(0, apply[0], apply[1], apply[2], "--field-manager=flux", apply[3], second);
        }

        assertThat(starter("kept-starter")).isEqualTo("bob");
        assertThat(team.get("kept-starter").getMetadata().getResourceVersion()).isEqualTo(version);
        assertThat(alice.kubectl(0, "diff", "--server-side", "--field-manager=flux", "-f", second))
                .isEmpty();
    }

    @Test
    void aRunThatAnotherUserStartsIsReportedAsTheirs() throws Exception {
        String handed = team.file(team.publishYaml("handed", "  headBranch: agent/handed\n  suspend: true\n"));
        alice.kubectl(0, "create", "-f", handed);
        try (PackagedOperator operator = world.startOperator(Map.of())) {
            bob.kubectl(0, "patch", "spub", "handed", "-n", team.namespace(), "--type=merge", "-p", """
                    {"spec": {"suspend": false}}""");

            SessionPublish publish = team.awaitEnd("handed");

            assertThat(publish.getStatus().phase()).as("%s", operator.log()).hasToString("PullRequestCreated");
            assertThat(publish.getStatus().requestedBy()).isEqualTo("alice");
            assertThat(publish.getStatus().startedBy()).isEqualTo("bob");
            assertThat(publish.getStatus().history()).hasSize(4).allSatisfy(entry -> assertThat(entry.data())
                    .containsEntry("by", "bob"));
            assertThat(eventsOf("handed")).hasSize(4).allSatisfy(event -> assertThat(
                            event.getMetadata().getAnnotations())
                    .containsEntry("sessionpublish.dev/by", "bob"));
            assertThat(world.gitHub().pulls(team.repository()))
                    .filteredOn(pull -> pull.headBranch().equals("agent/handed"))
                    .singleElement()
                    .satisfies(pull -> assertThat(pull.body()).contains("requested by bob"));
        }
    }

    /** As on Kubernetes before 1.36. */
    @Test
    void whereNothingRecordsItNobodyIsRefusedAndNobodyIsNamed() throws Exception {
        String binding = "started-by.sessionpublish.dev";
        alice.kubectl(
                0, "create", "-f", team.file(team.publishYaml("unproven", "  headBranch: main\n  suspend: true\n")));
        admin.kubectl(0, "delete", "mutatingadmissionpolicybinding", binding);
        admin.kubectl(0, "delete", "validatingadmissionpolicybinding", binding);
        try {
            AtomicInteger tries = new AtomicInteger();
            await().atMost(PATIENCE).until(() -> {
                alice.ask(annotate(
                        "unproven", "example.com/n=" + tries.incrementAndGet(), StartedBy.ANNOTATION + "=alice"));
                return starter("unproven").equals("alice");
            });
            bob.kubectl(0, "patch", "spub", "unproven", "-n", team.namespace(), "--type=merge", "-p", """
                    {"spec": {"suspend": false}}""");
            bob.kubectl(0, annotate("unproven", "sessionpublish.dev/retry-at=1"));
            assertThat(starter("unproven")).isEqualTo("alice");
            try (PackagedOperator operator = world.startOperator(Map.of())) {
                SessionPublish publish = team.awaitEnd("unproven");

                assertThat(publish.getStatus().reason())
                        .as("%s", operator.log())
                        .isEqualTo("protected-branch");
                assertThat(publish.getStatus().requestedBy()).isEqualTo("alice");
                assertThat(publish.getStatus().startedBy()).isNull();
                assertThat(publish.getStatus().history())
                        .allSatisfy(entry -> assertThat(entry.data()).containsEntry("by", ""));
            }
        } finally {
            ControlPlaneWorld.manifest().stream()
                    .filter(each -> each.getKind().endsWith("AdmissionPolicyBinding"))
                    .forEach(each ->
                            world.admin().resource(each).forceConflicts().serverSideApply());
            AtomicInteger tries = new AtomicInteger();
            await().atMost(PATIENCE).until(() -> {
                bob.ask(annotate("unproven", "sessionpublish.dev/retry-at=again-" + tries.incrementAndGet()));
                return starter("unproven").equals("bob");
            });
        }
    }

    @Test
    void aServiceAccountMayNotCloseAPullRequestByDeleting() throws Exception {
        alice.kubectl(0, "create", "-f", file("closing", "  deletionPolicy: ClosePullRequest"));
        alice.kubectl(0, "create", "-f", file("orphaning", "  deletionPolicy: Orphan"));

        assertThat(asAccount(AGENT).kubectl(1, "delete", "spub", "closing", "-n", team.namespace()))
                .contains(NO_WORKLOADS);
        asAccount(AGENT).kubectl(0, "delete", "spub", "orphaning", "-n", team.namespace());

        bob.kubectl(0, "delete", "spub", "closing", "-n", team.namespace());
        assertThat(team.get("closing")).isNull();
    }

    /** They delete what the user has asked to be deleted. */
    @Test
    void theOperatorAndKubernetesOwnControllersMayDelete() throws Exception {
        Team gone = team("gone");
        admin.kubectl(
                0,
                "create",
                "-f",
                gone.file(gone.publishYaml("closing", "  suspend: true\n  deletionPolicy: ClosePullRequest\n")));
        admin.kubectl(0, "delete", "namespace", gone.namespace(), "--timeout=60s");

        alice.kubectl(
                0,
                "create",
                "-f",
                team.file(team.publishYaml(
                        "expiring",
                        "  headBranch: agent/expiring\n  createPullRequest: false\n"
                                + "  deletionPolicy: ClosePullRequest\n"
                                + "  ttlSecondsAfterFinished: 1\n")));
        try (PackagedOperator operator = world.startOperator(Map.of())) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(team.get("expiring"))
                    .as("%s", operator.log())
                    .isNull());
        }
    }
}
