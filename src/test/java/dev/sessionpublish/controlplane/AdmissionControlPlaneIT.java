package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBindingBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the admission policies make of the fixtures, each with a requester of its own: an object alone is created, a
 * second one changes it. Nothing fills in spec.requestedBy and who started a run here, so that each rule is met;
 * and each rule is there a second time, and-ed with itself ten times, only to warn, which shows that its cost is far
 * from the limit: one that costs too much warns of everything.
 */
class AdmissionControlPlaneIT extends NamespaceScenario {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Path FIXTURES = Path.of("src", "test", "resources", "admission");
    /** In the warning of a policy that is there for its cost. */
    private static final String TENFOLD = "-tenfold.sessionpublish.dev'";

    private static final String RESTRICTED = """
            apiVersion: sessionpublish.dev/v1alpha1
            kind: SessionProject
            metadata: {name: restricted}
            spec: {repository: "https://github.com/acme/web", push: {force: Restricted}}
            """;

    private static final String AS = "# as: ";
    private static final String REFUSED = "# refused: ";

    @TempDir
    private static Path directory;

    @BeforeAll
    void applyThePolicies() throws Exception {
        List<HasMetadata> manifest = ControlPlaneWorld.manifest();
        Stream.of(
                        manifest.stream().filter(each -> !each.getKind().equals("Deployment")),
                        manifest.stream().flatMap(AdmissionControlPlaneIT::tenfold))
                .flatMap(each -> each)
                .forEach(each -> client.resource(each).forceConflicts().serverSideApply());
        controlPlane.kubectl(
                0,
                "delete",
                "mutatingadmissionpolicybinding",
                "requested-by.sessionpublish.dev",
                "started-by.sessionpublish.dev",
                "may-force.sessionpublish.dev");
        for (String account : List.of("agent", "gitops")) {
            controlPlane.kubectl(0, "create", "serviceaccount", account, "-n", namespace);
        }
        bind("people", "session-publish-collaborator", "--group=dev");
        bind("anonymous", "session-publish-collaborator", "--user=system:anonymous");
        bind("agent", "session-publish-collaborator", "--serviceaccount=" + namespace + ":agent");
        bind("lead", "session-publish-force", "--user=lead");
        controlPlane.kubectl(0, "create", "-n", namespace, "-f", file(RESTRICTED));
        bind("gitops", "session-publish-as-workload", "--serviceaccount=" + namespace + ":gitops");
        for (Path each : List.of(
                FIXTURES.resolve("invalid/requested-by-missing.yaml"),
                FIXTURES.resolve("invalid/started-by-left-out.yaml"),
                FIXTURES.resolve("invalid/force-push-is-asked-for.yaml"),
                FIXTURES.resolve("invalid/may-force-without-the-verb.yaml"),
                FIXTURES.resolve("invalid/workload-creates.yaml"))) {
            await().atMost(PATIENCE).until(() -> apply(each).text().contains(TENFOLD));
        }
        await().atMost(PATIENCE)
                .until(() ->
                        apply(FIXTURES.resolve("valid/requested-by-own.yaml")).exit() == 0);
        controlPlane.kubectl(0, "delete", "spub", "--all", "-n", namespace);
    }

    @AfterAll
    void putBackWhatWasTaken() {
        ControlPlaneWorld.manifest().stream()
                .flatMap(AdmissionControlPlaneIT::tenfold)
                .forEach(each -> client.resource(each).delete());
        ControlPlaneWorld.manifest().stream()
                .filter(each -> each.getKind().startsWith("MutatingAdmissionPolicy"))
                .forEach(each -> client.resource(each).forceConflicts().serverSideApply());
        await().atMost(PATIENCE)
                .until(() -> apply(FIXTURES.resolve("invalid/requested-by-missing.yaml"))
                                .exit()
                        == 0);
    }

    private void bind(String name, String role, String subject) {
        controlPlane.kubectl(0, "create", "rolebinding", name, "-n", namespace, "--clusterrole=" + role, subject);
    }

    /** A policy and its binding once more, of other names, each rule ten times. One question to RBAC is dear: twice. */
    private static Stream<HasMetadata> tenfold(HasMetadata each) {
        String name = each.getMetadata().getName().replace(".sessionpublish.dev", "-tenfold.sessionpublish.dev");
        if (each instanceof ValidatingAdmissionPolicy policy) {
            ValidatingAdmissionPolicy tenfold = new ValidatingAdmissionPolicyBuilder(policy)
                    .editMetadata()
                    .withName(name)
                    .endMetadata()
                    .build();
            tenfold.getSpec().getValidations().forEach(rule -> rule.setExpression(repeated(rule.getExpression())));
            tenfold.getSpec()
                    .getMatchConditions()
                    .forEach(condition -> condition.setExpression(repeated(condition.getExpression())));
            return Stream.of(tenfold);
        }
        if (each instanceof ValidatingAdmissionPolicyBinding binding) {
            return Stream.of(new ValidatingAdmissionPolicyBindingBuilder(binding)
                    .editMetadata()
                    .withName(name)
                    .endMetadata()
                    .editSpec()
                    .withPolicyName(name)
                    .withValidationActions("Warn")
                    .endSpec()
                    .build());
        }
        return Stream.empty();
    }

    private static String repeated(String expression) {
        int times = expression.contains("authorizer") ? 2 : 10;
        return String.join(" && ", Collections.nCopies(times, "(" + expression + ")"));
    }

    private ControlPlane.Printed apply(Path fixture) throws IOException {
        List<String> objects = List.of(
                ControlPlane.read(fixture).replace("NAMESPACE", namespace).split("(?m)^---\n"));
        for (String before : objects.subList(0, objects.size() - 1)) {
            controlPlane.kubectl(0, "create", "-n", namespace, "-f", file(before), "--as=alice", "--as-group=dev");
        }
        List<String> arguments = new ArrayList<>();
        if (objects.size() == 1) {
            arguments.add("create");
        } else {
            arguments.addAll(List.of("apply", "--server-side", "--force-conflicts"));
        }
        arguments.addAll(List.of("-n", namespace, "--validate=false", "-f", file(objects.get(objects.size() - 1))));
        arguments.addAll(as(line(fixture, AS)));
        return controlPlane.ask(arguments.toArray(String[]::new));
    }

    private String file(String yaml) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "fixture", ".yaml"), yaml)
                .toString();
    }

    private List<String> as(String requester) {
        return switch (requester) {
            case "agent", "gitops" -> List.of("--as=system:serviceaccount:" + namespace + ":" + requester);
            case "system:anonymous" -> List.of("--as=" + requester, "--as-group=system:unauthenticated");
            default -> List.of("--as=" + requester, "--as-group=dev");
        };
    }

    private static String line(Path fixture, String start) {
        return ControlPlane.read(fixture)
                .lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("valid")
    void whatIsValidIsTaken(Path fixture) throws IOException {
        assertThat(apply(fixture).with(0)).doesNotContain("Warning");
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void whatIsInvalidIsRefusedWithItsSentence(Path fixture) throws IOException {
        assertThat(apply(fixture).with(1))
                .contains(TENFOLD)
                .containsSubsequence(line(fixture, REFUSED).split("… "));
    }

    @Test
    void everyRuleOfAPolicyHasAFixtureThatItRefuses() throws IOException {
        List<String> refusals = invalid().map(fixture -> line(fixture, REFUSED)).toList();
        List<String> rules = ControlPlaneWorld.manifest().stream()
                .filter(ValidatingAdmissionPolicy.class::isInstance)
                .map(ValidatingAdmissionPolicy.class::cast)
                .flatMap(policy -> policy.getSpec().getValidations().stream()
                        .map(rule ->
                                rule.getMessageExpression() == null ? rule.getMessage() : rule.getMessageExpression()))
                .toList();

        assertThat(rules).hasSize(7).allSatisfy(rule -> assertThat(refusals)
                .as(rule)
                .anyMatch(refusal -> refusal.contains(Arrays.stream(rule.split("'"))
                        .filter(part -> part.length() > 15)
                        .findFirst()
                        .orElse(rule))));
    }

    @Test
    void theApiServerUnderstandsEveryExpression() {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        client.resources(ValidatingAdmissionPolicy.class).list().getItems())
                .filteredOn(policy -> policy.getMetadata().getName().endsWith("sessionpublish.dev"))
                .hasSize(10)
                .allSatisfy(policy -> {
                    assertThat(policy.getStatus()).isNotNull();
                    assertThat(policy.getStatus().getTypeChecking()).isNotNull();
                    assertThat(policy.getStatus().getTypeChecking().getExpressionWarnings())
                            .isEmpty();
                }));
    }

    static Stream<Path> valid() throws IOException {
        return files(FIXTURES.resolve("valid"));
    }

    static Stream<Path> invalid() throws IOException {
        return files(FIXTURES.resolve("invalid"));
    }
}
