package dev.sessionpublish.publish.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.git.Advertisement;
import dev.sessionpublish.git.MemoryBudget;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.git.lfs.LfsObject;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.publish.PublishReason;
import dev.sessionpublish.sandbox.Checkout;
import dev.sessionpublish.sandbox.CheckoutBuilder;
import dev.sessionpublish.sandbox.SandboxReason;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckoutRulesTest {
    private static final ObjectId HEAD = new ObjectId("a".repeat(40));
    private static final ObjectId MADE = new ObjectId("b".repeat(40));
    private static final ObjectId SHA256 = new ObjectId("c".repeat(64));

    private static Checkout checkout(
            ObjectId commit, long uncommitted, List<String> operations, List<String> locks, int lfsObjects) {
        return CheckoutBuilder.builder()
                .branch(Optional.of("agent/fix"))
                .head(commit.equals(SHA256) ? SHA256 : HEAD)
                .commit(commit)
                .tree(commit)
                .baseTree(Optional.empty())
                .ahead(OptionalLong.empty())
                .behind(OptionalLong.empty())
                .commits(OptionalLong.empty())
                .newest(List.of())
                .contained(false)
                .uncommittedFiles(uncommitted)
                .operations(operations)
                .locks(locks)
                .lfsObjects(IntStream.range(0, lfsObjects)
                        .mapToObj(n -> new LfsObject(String.format("%064x", n), n))
                        .toList())
                .unpushedSubmodules(List.of())
                .shallow(false)
                .partial(false)
                .build();
    }

    private static Checkout plain(long uncommitted) {
        return checkout(HEAD, uncommitted, List.of(), List.of(), 0);
    }

    private static Advertisement advertised(String format) throws Exception {
        String line = "0".repeat(format.equals("sha256") ? 64 : 40) + " capabilities^{}\0 report-status object-format="
                + format + "\n";
        String text = "001f# service=git-receive-pack\n0000" + String.format("%04x", line.length() + 4) + line + "0000";
        return Advertisement.read(
                new ByteArrayInputStream(text.getBytes(UTF_8)), new MemoryBudget(1 << 20, 0).open("team"));
    }

    private static void check(Checkout checkout, String spec, String format) throws Exception {
        CheckoutRules.check(
                checkout,
                Serialization.unmarshal("source: {podName: s7}\n" + spec, SessionPublishSpec.class),
                advertised(format));
    }

    private static RefusedException refused(Checkout checkout, String spec) {
        return catchThrowableOfType(RefusedException.class, () -> check(checkout, spec, "sha1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "uncommittedChanges: Ignore", "uncommittedChanges: Commit"})
    void uncommittedWorkIsNoObstacleUnlessThePublishSaysSo(String policy) {
        assertThatCode(() -> check(plain(3), policy, "sha1")).doesNotThrowAnyException();
    }

    @Test
    void uncommittedWorkIsRefusedWhereThePublishSaysSo() throws Exception {
        RefusedException refused = refused(plain(3), "uncommittedChanges: Fail");
        assertThat(refused.reason()).isEqualTo(PublishReason.UNCOMMITTED_CHANGES);
        assertThat(refused.getMessage()).contains("3 uncommitted");
        check(plain(0), "uncommittedChanges: Fail", "sha1");
    }

    @Test
    void aLockIsWaitedForBeforeAnythingElseIsJudged() {
        RefusedException refused =
                refused(checkout(HEAD, 3, List.of("merge"), List.of("index.lock"), 0), "commit: " + MADE.hex());
        assertThat(refused.reason()).isEqualTo(SandboxReason.WORKSPACE_BUSY);
        assertThat(refused.getMessage()).contains("index.lock");
    }

    @Test
    void anUnfinishedOperationIsNamed() {
        RefusedException refused = refused(checkout(HEAD, 0, List.of("cherry-pick"), List.of(), 0), "");
        assertThat(refused.reason()).isEqualTo(PublishReason.OPERATION_IN_PROGRESS);
        assertThat(refused.getMessage()).contains("cherry-pick");
    }

    @Test
    void thePinIsComparedWithHeadAndNotWithTheCommitMadeOnTopOfIt() throws Exception {
        Checkout withMadeCommit = checkout(MADE, 3, List.of(), List.of(), 0);

        check(withMadeCommit, "uncommittedChanges: Commit\ncommit: " + HEAD.hex(), "sha1");
        assertThat(refused(withMadeCommit, "uncommittedChanges: Commit\ncommit: " + MADE.hex())
                        .reason())
                .isEqualTo(PublishReason.COMMIT_MOVED);
    }

    @Test
    void bothSidesMustBeOfOneObjectFormat() throws Exception {
        Checkout sha256 = checkout(SHA256, 0, List.of(), List.of(), 0);

        check(sha256, "", "sha256");
        RefusedException refused = refused(sha256, "");
        assertThat(refused.reason()).isEqualTo(PushReason.OBJECT_FORMAT);
        assertThat(refused.getMessage()).contains("sha256", "sha1");
    }

    private static Checkout changing(OptionalLong files) {
        return CheckoutBuilder.builder(plain(0)).changedFiles(files).build();
    }

    @Test
    void asManyFilesAsTheProjectAllowsMayChangeAndNotOneMore() throws Exception {
        Project project = TestProject.of("push: {maxChangedFiles: 100}");

        CheckoutRules.requireFewFiles(changing(OptionalLong.of(100)), project);
        CheckoutRules.requireFewFiles(changing(OptionalLong.empty()), TestProject.of(""));
        RefusedException refused = catchThrowableOfType(
                RefusedException.class, () -> CheckoutRules.requireFewFiles(changing(OptionalLong.of(101)), project));
        assertThat(refused.reason()).isEqualTo(PublishReason.TOO_MANY_FILES);
        assertThat(refused.getMessage())
                .startsWith("The work changes 101 files, and the project web allows 100 (spec.push.maxChangedFiles)");
    }

    @Test
    void filesThatCantBeCountedAreTooMany() {
        RefusedException refused = catchThrowableOfType(
                RefusedException.class,
                () -> CheckoutRules.requireFewFiles(
                        changing(OptionalLong.empty()), TestProject.of("push: {maxChangedFiles: 100}")));
        assertThat(refused.reason()).isEqualTo(PublishReason.TOO_MANY_FILES);
        assertThat(refused.getMessage()).contains("can't be counted", "spec.push.maxChangedFiles", "Fetch the base");
    }

    @Test
    void tenThousandLfsObjectsAreTakenAtOnceAndNotOneMore() throws Exception {
        check(checkout(HEAD, 0, List.of(), List.of(), 10_000), "", "sha1");
        assertThat(refused(checkout(HEAD, 0, List.of(), List.of(), 10_001), "").reason())
                .isEqualTo(PushReason.LFS);
    }
}
