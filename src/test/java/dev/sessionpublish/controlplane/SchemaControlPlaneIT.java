package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sessionpublish.api.v1alpha1.PushRules;
import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishSpec.DeletionPolicy;
import dev.sessionpublish.api.v1alpha1.SessionPublishSpec.UncommittedChanges;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a real API server makes of crds/: what it accepts, refuses, fills in and explains. */
class SchemaControlPlaneIT extends NamespaceScenario {
    private static final Path FIXTURES =
            Path.of(System.getProperty("basedir", ""), "src", "test", "resources", "schema");
    /** Begins the first line of an invalid fixture; what follows is in the refusal, "… " standing for anything. */
    private static final String REFUSED = "# refused: ";

    @ParameterizedTest
    @MethodSource("valid")
    void aValidObjectIsAccepted(Path fixture) {
        assertThatCode(() -> create(ControlPlane.read(fixture))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void anInvalidObjectIsRefusedWithItsSentence(Path fixture) {
        String yaml = ControlPlane.read(fixture);
        String sentence = yaml.lines().findFirst().orElseThrow();
        assertThat(sentence).startsWith(REFUSED);

        KubernetesClientException refusal = catchThrowableOfType(KubernetesClientException.class, () -> create(yaml));

        assertThat(refusal).as("refused at all").isNotNull();
        assertThat(refusal.getStatus().getMessage())
                .containsSubsequence(sentence.substring(REFUSED.length()).split("… "));
    }

    static Stream<Path> valid() throws IOException {
        return files(FIXTURES.resolve("valid"));
    }

    static Stream<Path> invalid() throws IOException {
        return files(FIXTURES.resolve("invalid"));
    }

    private void create(String yaml) {
        client.resource(client.getKubernetesSerialization().unmarshal(yaml, GenericKubernetesResource.class))
                .inNamespace(namespace)
                .dryRun()
                .fieldValidation(Validation.STRICT)
                .create();
    }

    @Test
    void whatAPublishLeavesOutIsFilledIn() {
        SessionPublish publish = client.resource(client.getKubernetesSerialization()
                        .unmarshal(
                                ControlPlane.read(FIXTURES.resolve("valid/publish-smallest.yaml")),
                                SessionPublish.class))
                .inNamespace(namespace)
                .create();

        assertThat(publish.getSpec().createPullRequest()).isTrue();
        assertThat(publish.getSpec().force()).isFalse();
        assertThat(publish.getSpec().suspend()).isFalse();
        assertThat(publish.getSpec().uncommittedChanges()).isEqualTo(UncommittedChanges.Ignore);
        assertThat(publish.getSpec().deletionPolicy()).isEqualTo(DeletionPolicy.Orphan);
        assertThat(publish.getSpec().merge().strategy()).isEqualTo("None");
        assertThat(publish.getSpec().draft()).isNull();
        assertThat(publish.getSpec().headBranch()).isNull();
        assertThat(publish.getStatus().observedGeneration()).isEqualTo(-1);
    }

    @Test
    void whatAProjectLeavesOutIsFilledIn() {
        SessionProject project = client.resource(client.getKubernetesSerialization()
                        .unmarshal(
                                ControlPlane.read(FIXTURES.resolve("valid/project-repository-plain.yaml")),
                                SessionProject.class))
                .inNamespace(namespace)
                .create();

        assertThat(project.getSpec().protectedBranches()).containsExactly("main", "master", "release/*");
        assertThat(project.getSpec().branchPrefix()).isEqualTo("session/");
        assertThat(project.getSpec().push().enabled()).isTrue();
        assertThat(project.getSpec().push().force()).isEqualTo(PushRules.Force.Allowed);
        assertThat(project.getSpec().pullRequests().enabled()).isTrue();
        assertThat(project.getSpec().pullRequests().draft()).isFalse();
        assertThat(project.getStatus().observedGeneration()).isEqualTo(-1);
    }

    /** The server estimates what rules cost at worst; limits of fields may grow tenfold before it refuses them. */
    @Test
    void everyRuleCouldCostTenTimesAsMuch() {
        for (Path file : ControlPlane.crds()) {
            String other = ControlPlane.read(file).replace("sessionpublish.dev", "margin.example.com");
            CustomResourceDefinition crd =
                    client.getKubernetesSerialization().unmarshal(other, CustomResourceDefinition.class);
            int rules = tenfold(crd.getSpec().getVersions().get(0).getSchema().getOpenAPIV3Schema());

            assertThat(rules).isGreaterThan(10);
            assertThatCode(() -> client.resource(crd).dryRun().create()).doesNotThrowAnyException();
        }
    }

    private static int tenfold(JSONSchemaProps schema) {
        for (ValidationRule rule : schema.getXKubernetesValidations()) {
            rule.setRule(
                    Collections.nCopies(10, "(" + rule.getRule() + ")").stream().collect(Collectors.joining(" && ")));
        }
        int rules = schema.getXKubernetesValidations().size();
        for (JSONSchemaProps property : schema.getProperties().values()) {
            rules += tenfold(property);
        }
        return rules;
    }

    /** Rules about changes are tried in StatusControlPlaneIT and RequestedByControlPlaneIT. */
    @Test
    void everyRuleHasAFixtureThatItRefuses() throws IOException {
        List<String> beginnings = files(FIXTURES.resolve("invalid"))
                .map(fixture -> ControlPlane.read(fixture).lines().findFirst().orElseThrow())
                .map(line -> line.replaceFirst(".*… |" + REFUSED, ""))
                .map(SchemaControlPlaneIT::beginning)
                .toList();
        for (Path file : ControlPlane.crds()) {
            CustomResourceDefinition crd = client.getKubernetesSerialization()
                    .unmarshal(ControlPlane.read(file), CustomResourceDefinition.class);
            List<String> sentences = rules(
                            crd.getSpec().getVersions().get(0).getSchema().getOpenAPIV3Schema())
                    .filter(rule -> !rule.getRule().contains("oldSelf"))
                    .map(ValidationRule::getMessage)
                    .toList();

            assertThat(sentences).hasSizeGreaterThan(10).allMatch(each -> beginnings.contains(beginning(each)));
        }
    }

    private static String beginning(String sentence) {
        return sentence.substring(0, Math.min(15, sentence.length()));
    }

    private static Stream<ValidationRule> rules(JSONSchemaProps schema) {
        return Stream.concat(
                schema.getXKubernetesValidations().stream(),
                schema.getProperties().values().stream().flatMap(SchemaControlPlaneIT::rules));
    }

    @Test
    void kubectlExplainsEveryField() {
        assertThat(controlPlane.kubectl(0, "explain", "spub"))
                .contains("SessionPublish publishes the commits of a session to one branch");
        assertThat(controlPlane.kubectl(0, "explain", "spub.spec.headBranch"))
                .contains("FIELD: headBranch <string>", "headBranch is the short name of the branch to push to");
        assertThat(controlPlane.kubectl(0, "explain", "spub.spec.uncommittedChanges"))
                .containsSubsequence("Ignore\n", "Commit\n", "Fail\n", "Default: Ignore.");
        assertThat(controlPlane.kubectl(0, "explain", "sproj.spec.credentialsSecret"))
                .contains("'push-token'", "name\t<string> -required-");
        assertThat(controlPlane.kubectl(0, "explain", "--recursive", "spub")).contains("requestedBy");
    }

    @Test
    void kubectlApplyTellsTheFieldAndTheSentence() {
        Path fixture = FIXTURES.resolve("invalid/project-repository-scp.yaml");

        assertThat(controlPlane.kubectl(1, "apply", "-n", namespace, "-f", fixture.toString()))
                .contains(
                        "spec.repository: Invalid value: ",
                        "ssh is not supported; write https://github.com/acme/web.git");
    }
}
