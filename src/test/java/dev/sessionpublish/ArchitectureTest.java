package dev.sessionpublish;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import dev.sessionpublish.publish.PublishReason;
import dev.sessionpublish.publish.PublishSettings;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** What docs/architecture.md says of the layers and of how the code is written, checked. */
@AnalyzeClasses(packages = "dev.sessionpublish", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    /** From the top down: a package uses only packages that stand below it. */
    private static final List<String> LAYERS = List.of(
            "process",
            "config",
            "publish",
            "session",
            "patch",
            "action",
            "project",
            "sandbox",
            "forge",
            "git",
            "telemetry",
            "lifecycle",
            "http",
            "api",
            "outcome");

    @ArchTest
    static void arrowsOnlyPointDown(JavaClasses classes) {
        for (int i = 0; i < LAYERS.size(); i++) {
            String[] above = LAYERS.subList(0, i).stream()
                    .map(each -> "dev.sessionpublish." + each + "..")
                    .toArray(String[]::new);
            if (i > 0) {
                noClasses()
                        .that()
                        .resideInAPackage("dev.sessionpublish." + LAYERS.get(i) + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(above)
                        .allowEmptyShould(true)
                        .check(classes);
            }
        }
    }

    @ArchTest
    static final ArchRule ONLY_MAIN_WIRES = noClasses()
            .that()
            .resideInAPackage("dev.sessionpublish.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.sessionpublish");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("dev.sessionpublish.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule SUBPACKAGES_HAVE_NO_CYCLES =
            slices().matching("dev.sessionpublish.(*.*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule LIFECYCLE_KNOWS_NO_KIND = noClasses()
            .that()
            .resideInAPackage("dev.sessionpublish.lifecycle..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("dev\\.sessionpublish\\.api\\..*\\.(Session|AgentSession).*");

    /** Of the kind's own package, its parts use the reasons and the settings alone. */
    @ArchTest
    static final ArchRule THE_PARTS_OF_PUBLISH_DO_NOT_KNOW_ITS_STEPS = noClasses()
            .that()
            .resideInAPackage("dev.sessionpublish.publish.*..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.sessionpublish.publish")
                    .and(not(belongToAnyOf(PublishReason.class, PublishSettings.class))));

    @ArchTest
    static final ArchRule PLANS_DO_NO_IO = noClasses()
            .that()
            .resideInAPackage("dev.sessionpublish.publish.plan..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.fabric8.kubernetes.client..",
                    "io.javaoperatorsdk..",
                    "java.net..",
                    "java.nio.file..",
                    "dev.sessionpublish.publish.push..",
                    "dev.sessionpublish.publish.pullrequest..",
                    "dev.sessionpublish.publish.watch..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class);

    /** More are a builder's work. */
    @ArchTest
    static final ArchRule CONSTRUCTORS_WITH_MANY_ARGUMENTS_ARE_CALLED_BY_BUILDERS = noClasses()
            .that()
            .haveNameNotMatching(".*Builder(\\$.*)?")
            .should()
            .callConstructorWhere(describe(
                    "of ours, with more than 8 parameters",
                    (JavaConstructorCall call) ->
                            call.getTargetOwner().getPackageName().startsWith("dev.sessionpublish")
                                    && call.getTarget().getRawParameterTypes().size() > 8));

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
    static final ArchRule NOTHING_IS_PRINTED_BUT_ANSWERS_TO_A_COMMAND_LINE =
            noClasses().that().doNotHaveSimpleName("CommandLine").should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);

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
