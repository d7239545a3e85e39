package dev.sessionpublish.publish.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.git.BranchName;
import dev.sessionpublish.git.GeneratedBranch;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.publish.PublishReason;
import dev.sessionpublish.sandbox.CheckoutBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadBranchTest {
    private static final HeadBranch.Identity IDENTITY =
            new HeadBranch.Identity("Mend the header", "uid-1", Optional.of("uid-0"), "agents", "fix");
    private static final String GENERATED = "session/mend-the-header-";

    private static Project project(String more) {
        return TestProject.of("defaultBranch: trunk\n" + more);
    }

    private static Optional<BranchName> requested(String name) throws Exception {
        return HeadBranch.requested(Optional.of(name), project(""), Optional.of("develop"));
    }

    private static HeadBranch resolved(Optional<String> remembered, Optional<String> checkedOut) throws Exception {
        return resolved(project(""), remembered, checkedOut);
    }

    private static HeadBranch resolved(Project project, Optional<String> remembered, Optional<String> checkedOut)
            throws Exception {
        return HeadBranch.choose(new PushPlan.Facts(
                        Serialization.unmarshal("source: {podName: s7}", SessionPublishSpec.class),
                        project,
                        Optional.empty(),
                        Optional.of("develop"),
                        CheckoutBuilder.builder()
                                .branch(checkedOut)
                                .commit(PlannedPush.HEAD)
                                .build(),
                        PlannedPush.advertised(Map.of("develop", PlannedPush.BASE)),
                        new PushPlan.Earlier(
                                remembered,
                                false,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        IDENTITY,
                        PushPlan.Answers.NONE))
                .branch();
    }

    @ParameterizedTest
    @ValueSource(strings = {"agent/fix", "$(id)", "Main2", "ag\u00e4nt", "aga\u0308nt"})
    void aNameThatIsAskedForIsTakenAsItIs(String name) throws Exception {
        assertThat(requested(name)).contains(BranchName.of(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "main",
                "MAIN",
                "maın",
                "master",
                "release/1",
                "Release/1/2",
                "develop",
                "DEVELOP",
                "trunk",
                "Trunk"
            })
    void whatIsProtectedOrTheBaseOrTheDefaultIsNeverAHead(String name) throws Exception {
        assertThat(catchThrowableOfType(RefusedException.class, () -> requested(name))
                        .reason())
                .isEqualTo(PublishReason.PROTECTED_BRANCH);
        HeadBranch head = resolved(Optional.empty(), Optional.of(name));
        assertThat(head.name().value()).startsWith(GENERATED);
        assertThat(head.generated()).isTrue();
        RefusedException stays =
                catchThrowableOfType(RefusedException.class, () -> resolved(Optional.of(name), Optional.of("agent/x")));
        assertThat(stays.reason()).isEqualTo(PublishReason.PROTECTED_BRANCH);
        assertThat(stays.getMessage()).contains("a new SessionPublish");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "-x", "refs/heads/agent/x", "HEAD", "@", "a..b", "x\u202E", "x.lock"})
    void aNameThatIsNoneIsRefusedAndNeverReplacedByAnother(String name) throws Exception {
        assertThat(catchThrowableOfType(RefusedException.class, () -> requested(name))
                        .reason())
                .isEqualTo(SharedReason.INVALID_BRANCH);
        assertThat(resolved(Optional.empty(), Optional.of(name)).name().value()).startsWith(GENERATED);
    }

    @Test
    void aCheckoutsNameOfBytesThatAreNoTextIsNotPushedAsAnother() throws Exception {
        assertThat(resolved(Optional.empty(), Optional.of("agent/\uFFFDx"))
                        .name()
                        .value())
                .startsWith(GENERATED);
    }

    @Test
    void whatWasPushedOnceIsKeptWhateverIsCheckedOutNow() throws Exception {
        assertThat(resolved(Optional.of("agent/first"), Optional.of("agent/second")))
                .isEqualTo(new HeadBranch(BranchName.of("agent/first"), false, true));
        HeadBranch first = resolved(Optional.empty(), Optional.empty());
        assertThat(resolved(Optional.of(first.name().value()), Optional.of("agent/second")))
                .isEqualTo(new HeadBranch(first.name(), true, true));
    }

    @ParameterizedTest
    @CsvSource({
        "Mend the header, uid-1, agents, fix, true",
        "Mend the footer, uid-1, agents, fix, true",
        "Mend the header, uid-0, agents, fix, true",
        "Mend the header, uid-2, agents, fix, false",
        "Mend the header, uid-1, others, fix, false",
        "Mend the header, uid-1, agents, fix-2, false"
    })
    void aNameThatWasGeneratedForThisPublishIsKnownAgain(
            String title, String uid, String namespace, String name, boolean generated) throws Exception {
        BranchName pushed = GeneratedBranch.of("old/", title, uid, namespace, name);

        assertThat(resolved(Optional.of(pushed.value()), Optional.of("agent/x")))
                .isEqualTo(new HeadBranch(pushed, generated, true));
        assertThat(resolved(Optional.empty(), Optional.of(pushed.value())).generated())
                .as("of a name that only the sandbox gives")
                .isFalse();
    }

    /** Whoever calls a branch as ours would be called gains nothing by it but to be taken for ours. */
    @Test
    void theCheckoutsOwnBranchIsTakenWhenNothingForbidsIt() throws Exception {
        assertThat(resolved(Optional.empty(), Optional.of("agent/fix")))
                .isEqualTo(new HeadBranch(BranchName.of("agent/fix"), false, false));
    }

    @Test
    void aPrefixThatLeadsIntoWhatIsProtectedIsRefused() throws Exception {
        Project project = project("branchPrefix: release/");
        RefusedException refused = catchThrowableOfType(
                RefusedException.class, () -> resolved(project, Optional.empty(), Optional.of("main")));
        assertThat(refused.reason()).isEqualTo(PublishReason.PROTECTED_BRANCH);
        assertThat(refused.getMessage()).contains("branchPrefix");
    }

    @Test
    void withoutABaseNothingIsTheBase() throws Exception {
        assertThat(HeadBranch.requested(Optional.of("develop"), project(""), Optional.empty()))
                .contains(BranchName.of("develop"));
    }
}
