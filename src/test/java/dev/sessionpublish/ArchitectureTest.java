package dev.sessionpublish;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** What docs/architecture.md says of the layers and of how the code is written, checked. */
@AnalyzeClasses(packages = "dev.sessionpublish", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule EACH_LAYER_USES_ONLY_WHAT_STANDS_BELOW_IT = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("dev.sessionpublish..")
            .withOptionalLayers(true)
            .layer("main")
            .definedBy("dev.sessionpublish")
            .layer("publish")
            .definedBy("dev.sessionpublish.publish..")
            .layer("kinds")
            .definedBy("dev.sessionpublish.session..", "dev.sessionpublish.patch..", "dev.sessionpublish.action..")
            .layer("project")
            .definedBy("dev.sessionpublish.project..")
            .layer("sandbox")
            .definedBy("dev.sessionpublish.sandbox..")
            .layer("forge")
            .definedBy("dev.sessionpublish.forge..")
            .layer("git")
            .definedBy("dev.sessionpublish.git..")
            .layer("http")
            .definedBy("dev.sessionpublish.http..")
            .layer("kube")
            .definedBy("dev.sessionpublish.kube..")
            .layer("telemetry")
            .definedBy("dev.sessionpublish.telemetry..")
            .layer("api")
            .definedBy("dev.sessionpublish.api..")
            .layer("outcome")
            .definedBy("dev.sessionpublish.outcome..")
            .whereLayer("main")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("publish")
            .mayOnlyBeAccessedByLayers("main")
            .whereLayer("kinds")
            .mayOnlyBeAccessedByLayers("main", "publish")
            .whereLayer("project")
            .mayOnlyBeAccessedByLayers("main", "publish", "kinds")
            .whereLayer("sandbox")
            .mayOnlyBeAccessedByLayers("main", "publish", "kinds", "project")
            .whereLayer("forge")
            .mayOnlyBeAccessedByLayers("main", "publish", "kinds", "project")
            .whereLayer("git")
            .mayOnlyBeAccessedByLayers("main", "publish", "kinds", "project", "sandbox", "forge")
            .whereLayer("kube")
            .mayOnlyBeAccessedByLayers("main", "publish", "kinds", "project", "sandbox")
            .whereLayer("telemetry")
            .mayOnlyBeAccessedByLayers("main", "publish")
            .whereLayer("api")
            .mayOnlyBeAccessedByLayers("main", "publish", "kinds", "project", "sandbox", "kube")
            .whereLayer("http")
            .mayOnlyBeAccessedByLayers("main", "publish", "kinds", "project", "forge", "git");

    @ArchTest
    static final ArchRule OUTCOME_USES_NOTHING_ELSE_OF_OURS = noClasses()
            .that()
            .resideInAPackage("dev.sessionpublish.outcome..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.sessionpublish",
                    "dev.sessionpublish.api..",
                    "dev.sessionpublish.kube..",
                    "dev.sessionpublish.git..",
                    "dev.sessionpublish.http..",
                    "dev.sessionpublish.forge..",
                    "dev.sessionpublish.sandbox..",
                    "dev.sessionpublish.project..",
                    "dev.sessionpublish.telemetry..",
                    "dev.sessionpublish.publish..");

    @ArchTest
    static final ArchRule ONLY_TELEMETRY_KNOWS_OPEN_TELEMETRY = noClasses()
            .that()
            .resideOutsideOfPackage("dev.sessionpublish.telemetry..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.opentelemetry..");

    @ArchTest
    static final ArchRule GIT_FORGE_AND_HTTP_COUNT_NOTHING_THEMSELVES = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.sessionpublish.git..",
                    "dev.sessionpublish.forge..",
                    "dev.sessionpublish.http..",
                    "dev.sessionpublish.sandbox..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..", "io.prometheus..");

    @ArchTest
    static final ArchRule GIT_AND_FORGE_KNOW_NO_KUBERNETES = noClasses()
            .that()
            .resideInAnyPackage("dev.sessionpublish.git..", "dev.sessionpublish.forge..", "dev.sessionpublish.http..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule A_NAME_SAYS_THE_THING =
            classes().should().haveNameNotMatching(".*(Util|Utils|Helper|Manager|Impl)(\\$.*)?");

    @ArchTest
    static final ArchRule NOTHING_IS_INJECTED_INTO_FIELDS = GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;

    @ArchTest
    static final ArchRule THE_LOG_IS_SLF4J = GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

    @ArchTest
    static final ArchRule NOTHING_IS_PRINTED = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule STATIC_FIELDS_ARE_FINAL = fields().that()
            .areStatic()
            .and()
            .doNotHaveModifier(JavaModifier.SYNTHETIC)
            .should()
            .beFinal();

    @ArchTest
    static void nullIsNowhereUnlessMarked(JavaClasses classes) {
        Set<String> unmarked = classes.stream()
                .map(JavaClass::getPackage)
                .filter(each -> !each.getClasses().isEmpty())
                .filter(each -> !each.isAnnotatedWith(NullMarked.class))
                .map(each -> each.getName())
                .collect(Collectors.toSet());

        assertThat(unmarked).as("packages without @NullMarked").isEmpty();
    }
}
