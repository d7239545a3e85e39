package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The commands in the documents do what they are given for, with the role that a user of them has. */
class DocumentedCommandsControlPlaneIT extends NamespaceScenario {
    private static final List<Path> DOCUMENTS = List.of(
            Path.of("README.md"),
            Path.of("docs", "quickstart.md"),
            Path.of("docs", "tasks.md"),
            Path.of("docs", "troubleshooting.md"),
            Path.of("docs", "sandboxes.md"),
            Path.of("docs", "tasks", "gitea.md"),
            Path.of("docs", "gitops.md"),
            Path.of("docs", "reasons.md"),
            Path.of("docs", "runbook.md"));
    private static final Set<String> PUBLISHES = Set.of("spub", "sessionpublish", "sessionpublishes");
    private static final Set<String> PROJECTS = Set.of("sproj", "sessionproject", "sessionprojects");
    /** Whoever changes a project is its administrator. */
    private static final Set<String> READING = Set.of("get", "describe", "wait");

    private static final String FINALIZER = "sessionpublish.dev/close-pull-request";

    @BeforeAll
    void bindTheRoles() {
        ControlPlaneWorld.manifest().stream()
                .filter(ClusterRole.class::isInstance)
                .forEach(role -> client.resource(role).forceConflicts().serverSideApply());
        for (String role : List.of("collaborator", "viewer")) {
            controlPlane.kubectl(
                    0,
                    "create",
                    "rolebinding",
                    role,
                    "-n",
                    namespace,
                    "--clusterrole=session-publish-" + role,
                    "--user=" + role);
        }
    }

    private boolean may(String user, String right) {
        String[] words = right.split(" ");
        return controlPlane
                        .ask("auth", "can-i", words[0], words[1], "-n", namespace, "--as=" + user)
                        .exit()
                == 0;
    }

    @Test
    void aCollaboratorMayRunWhatTheDocumentsTellOfPublishes() throws IOException {
        Set<String> rights = new TreeSet<>();
        for (Path document : DOCUMENTS) {
            commands(document).forEach(command -> rights.addAll(rights(command)));
        }

        assertThat(rights)
                .contains("watch events", "list events", "patch sessionpublishes", "create sessionpublishes")
                .allSatisfy(
                        right -> await(right).atMost(Duration.ofSeconds(30)).until(() -> may("collaborator", right)));
        assertThat(rights.stream().filter(right -> right.matches("(get|list|watch) .*")))
                .allMatch(right -> may("viewer", right))
                .hasSizeGreaterThan(5);
    }

    /** The commands of a document, each as its words after {@code kubectl}. */
    private static List<List<String>> commands(Path document) {
        return ControlPlane.read(document)
                .lines()
                .filter(line -> line.startsWith("    "))
                .map(line -> line.strip().replaceFirst("^\\$ ", ""))
                .filter(line -> line.startsWith("kubectl "))
                .map(line -> List.of(line.substring("kubectl ".length()).split(" +")))
                .toList();
    }

    /** What a command about publishes takes, as {@code VERB RESOURCE}; nothing for a command about anything else. */
    private static Set<String> rights(List<String> command) {
        List<String> words = new ArrayList<>(command);
        int namespaced = words.indexOf("-n");
        if (namespaced >= 0) {
            words.subList(namespaced, namespaced + 2).clear();
        }
        if (words.get(0).equals("events")) {
            return rights("events", words.contains("--watch") ? "list watch" : "list");
        }
        if (words.get(0).equals("apply")) {
            boolean publishes = ofPublishes(words.get(words.indexOf("-f") + 1));
            return publishes ? rights("sessionpublishes", "get create patch") : Set.of();
        }
        Set<String> kinds = words.stream()
                .map(word -> word.replaceFirst("/.*", ""))
                .flatMap(word -> Arrays.stream(word.split(",")))
                .collect(Collectors.toSet());
        Set<String> all = new TreeSet<>();
        if (kinds.stream().anyMatch(PUBLISHES::contains)) {
            all.addAll(rights("sessionpublishes", verbs(words.get(0), words.contains("-w"))));
        }
        if (kinds.stream().anyMatch(PROJECTS::contains) && READING.contains(words.get(0))) {
            all.addAll(rights("sessionprojects", verbs(words.get(0), words.contains("-w"))));
        }
        if (!all.isEmpty() && words.get(0).equals("describe")) {
            all.addAll(rights("events", "list"));
        }
        return all;
    }

    private static boolean ofPublishes(String file) {
        return file.startsWith("docs/quickstart/")
                && Stream.of(ControlPlane.read(Path.of(file)).split("\n"))
                        .filter(line -> line.startsWith("kind: "))
                        .allMatch("kind: SessionPublish"::equals);
    }

    private static String verbs(String command, boolean watches) {
        return switch (command) {
            case "get", "describe" -> watches ? "get list watch" : "get list";
            case "wait" -> "get list watch";
            case "annotate", "label", "patch", "edit" -> "get patch";
            case "delete" -> "get list watch delete";
            default -> throw new AssertionError("what does kubectl " + command + " take?");
        };
    }

    private static Set<String> rights(String resource, String verbs) {
        return Stream.of(verbs.split(" ")).map(verb -> verb + " " + resource).collect(Collectors.toSet());
    }

    @Test
    void aCollaboratorSeesTheEventsOfAPublish() {
        create("seen");

        assertThat(controlPlane.kubectl(
                        0, "events", "-n", namespace, "--for", "sessionpublish/seen", "--as=collaborator"))
                .doesNotContain("forbidden");
        assertThat(controlPlane.kubectl(0, "describe", "spub", "seen", "-n", namespace, "--as=collaborator"))
                .contains("Events:");
    }

    /** Without an operator, as after its removal. */
    @Test
    void whatAFinalizerHoldsIsListedAndFreedAsTheDocumentsTell() {
        create("held");
        List<List<String>> commands = commands(Path.of("docs", "install.md")).stream()
                .filter(command -> String.join(" ", command).contains("inalizers"))
                .toList();
        assertThat(commands).hasSize(3);
        controlPlane.kubectl(0, "delete", "spub/held", "sproj/held", "-n", namespace, "--wait=false");

        List<String> list = commands.get(0);
        assertThat(controlPlane.kubectl(0, list.toArray(String[]::new)))
                .containsPattern("SessionPublish +" + namespace + " +held +\\[?" + FINALIZER)
                .containsPattern("SessionProject +" + namespace + " +held +\\[?" + FINALIZER);
        for (List<String> patch : commands.subList(1, 3)) {
            controlPlane.kubectl(
                    0,
                    patch.stream()
                            .map(word -> word.replace("NAMESPACE", namespace)
                                    .replace("NAME", "held")
                                    .replace("'", ""))
                            .toArray(String[]::new));
        }

        controlPlane.kubectl(0, "wait", "--for=delete", "spub/held", "sproj/held", "-n", namespace, "--timeout=30s");
    }

    private void create(String name) {
        client.resource(client.getKubernetesSerialization()
                        .unmarshal("""
                        apiVersion: sessionpublish.dev/v1alpha1
                        kind: SessionProject
                        metadata: {name: %s, namespace: %s, finalizers: [%s]}
                        spec: {repository: "https://github.com/acme/web"}
                        """.formatted(name, namespace, FINALIZER), SessionProject.class))
                .create();
        client.resource(client.getKubernetesSerialization()
                        .unmarshal("""
                        apiVersion: sessionpublish.dev/v1alpha1
                        kind: SessionPublish
                        metadata: {name: %s, namespace: %s, finalizers: [%s]}
                        spec: {projectRef: {name: %s}, source: {podName: s7}, requestedBy: admin}
                        """.formatted(name, namespace, FINALIZER, name), SessionPublish.class))
                .create();
    }
}
