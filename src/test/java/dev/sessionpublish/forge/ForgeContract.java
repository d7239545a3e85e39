package dev.sessionpublish.forge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.sessionpublish.forge.Forge.NewPullRequest;
import dev.sessionpublish.forge.Forge.Opened;
import dev.sessionpublish.forge.Forge.PullRequest;
import dev.sessionpublish.forge.Forge.PullRequestExistsException;
import dev.sessionpublish.forge.Forge.State;
import dev.sessionpublish.forge.PullRequestEdit.Difference;
import dev.sessionpublish.forge.PullRequestSnapshot.Lifecycle;
import dev.sessionpublish.forge.PullRequestSnapshot.Mergeable;
import dev.sessionpublish.forge.PullRequestSnapshot.ReviewDecision;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@link Forge} promises of every forge. The repository has the default branch {@code main}, one commit and the
 * label {@code agent}, if it doesn't make labels when they are asked for; it is new for each test.
 */
public abstract class ForgeContract {
    /** {@code OWNER/NAME}. */
    protected abstract String repository();

    /** Of the repository's URL. */
    protected abstract String authority();

    /** With a credential that may push and open pull requests. */
    protected abstract Forge forge() throws Exception;

    /** With a credential that may read. */
    protected abstract Forge reading() throws Exception;

    /** With a credential of someone who may write, which itself may only read. */
    protected abstract Forge readOnly() throws Exception;

    /** Ends the credential of {@link #forge}. */
    protected abstract void revoke() throws Exception;

    /** With a credential that the forge has never given. */
    protected abstract Forge strange() throws Exception;

    /** With the credential of {@link #forge}, of a repository that isn't there. */
    protected abstract Forge missing() throws Exception;

    /** Adds a commit to a branch of the repository, which starts at main when it isn't there; answers its id. */
    protected abstract String commitTo(String branch, String message) throws Exception;

    /** The same, with a file that has this content. */
    protected abstract String commitFile(String branch, String file, String content) throws Exception;

    /** Reports a commit status. @param state {@code success}, {@code failure} or {@code pending} */
    protected abstract void report(String commit, int number, String context, String state) throws Exception;

    /** Has {@code grace} request changes. */
    protected abstract void requestChanges(int number) throws Exception;

    protected abstract void reopen(int number) throws Exception;

    /** Makes a branch at the tip of main. */
    protected abstract void branch(String name) throws Exception;

    /** The old name leads to the new one. */
    protected abstract void rename(String newName) throws Exception;

    protected abstract void disablePullRequests() throws Exception;

    protected abstract void close(int number) throws Exception;

    protected abstract void merge(int number) throws Exception;

    protected abstract void archive() throws Exception;

    /** Title and body as the forge keeps them. */
    protected abstract List<String> textOf(int number) throws Exception;

    /** Labels, reviewers, assignees as the forge keeps them. Only {@code grace}, by her login, can be reviewer and assignee. */
    protected abstract List<List<String>> additionsOf(int number) throws Exception;

    /** The name, without its organization, of a team that may review in the repository. */
    protected abstract String team() throws Exception;

    /** The names of the teams whose review is requested, as the forge keeps them. */
    protected abstract List<String> teamsOf(int number) throws Exception;

    /** How the user is called on this forge. */
    protected String login(String name) {
        return name;
    }

    /** What must be in no message: the credentials in use. */
    protected abstract List<String> secrets();

    protected static NewPullRequest pullRequest(String head, String base) {
        return new NewPullRequest(
                head, base, "Add a page", "It was asked for.", false, List.of(), List.of(), List.of());
    }

    protected final RefusedException refusal(Reason reason, ThrowingCallable call) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, call);
        assertThat(refused).as("a refusal").isNotNull();
        assertThat(refused.reason()).as(refused.getMessage()).isEqualTo(reason);
        assertThat(refused.getMessage()).doesNotContain(secrets()).doesNotContain("\n");
        assertThat(refused.getCause()).isNull();
        return refused;
    }

    @Test
    void theRepositoryTellsItsNameItsDefaultBranchAndWhatTheCredentialMayDo() throws Exception {
        Forge.Repository writable = forge().repository();

        assertThat(writable.canonical()).isEqualTo(repository());
        assertThat(writable.defaultBranch()).isEqualTo("main");
        assertThat(writable.condition()).isEqualTo(Forge.Condition.ACTIVE);
        assertThat(writable.pullRequests()).isTrue();
        assertThat(writable.canPush()).isTrue();
        assertThat(reading().repository().canPush()).isFalse();
    }

    @Test
    void aPullRequestThatWasOpenedIsFoundByItsHead() throws Exception {
        String commit = commitTo("session/s7", "Add a page");

        Opened opened = forge().open(pullRequest("session/s7", "main"));

        assertThat(opened.notes()).isEmpty();
        PullRequest pull = opened.pullRequest();
        assertThat(pull.state()).isEqualTo(State.OPEN);
        assertThat(pull.draft()).isFalse();
        assertThat(pull.headBranch()).isEqualTo("session/s7");
        assertThat(pull.baseBranch()).isEqualTo("main");
        assertThat(pull.headCommit()).isEqualTo(commit);
        assertThat(pull.url()).startsWith("https://").contains(repository()).endsWith("/" + pull.number());
        assertThat(forge().pullRequestsOf("session/s7")).containsExactly(pull);
    }

    @Test
    void aPullRequestNamesWhoOpenedItAndHasItsBody() throws Exception {
        commitTo("session/s7", "Add a page");

        PullRequest pull = forge().open(pullRequest("session/s7", "main")).pullRequest();

        assertThat(forge().identity()).contains(pull.description().author());
        assertThat(pull.description().author()).isNotEmpty();
        assertThat(pull.description().body()).isEqualTo("It was asked for.");
    }

    @Test
    void aCommitIsContainedInItsDescendantsAndInItself() throws Exception {
        String first = commitTo("session/s7", "Add a page");
        String second = commitTo("session/s7", "Add another page");
        String other = commitTo("session/s8", "Add a third page");

        assertThat(forge().contains(second, first)).isTrue();
        assertThat(forge().contains(second, second)).isTrue();
        assertThat(forge().contains(first, second)).isFalse();
        assertThat(forge().contains(other, first)).isFalse();
        assertThat(forge().contains(second, "0123456789".repeat(4))).isFalse();
    }

    @Test
    void pullRequestsOfOtherBranchesAreNotFound() throws Exception {
        commitTo("session/s7", "Add a page");
        commitTo("session/s70", "Add another page");
        forge().open(pullRequest("session/s70", "main"));

        assertThat(forge().pullRequestsOf("session/s7")).isEmpty();
    }

    @Test
    void titleAndBodyArriveAsTheyWereGiven() throws Exception {
        commitTo("session/s7", "Add a page");
        String title = "Fix \"quotes\" & <tags>, 100 % of it: Grüße 👋🏽";
        String body = "First line\n\n- `code` \\ back\n- #hash\n";
        var request = new NewPullRequest("session/s7", "main", title, body, false, List.of(), List.of(), List.of());

        int number = forge().open(request).pullRequest().number();

        assertThat(textOf(number)).containsExactly(title, body);
    }

    @Test
    void aBodyOf65536CharactersArrivesWhole() throws Exception {
        commitTo("session/s7", "Add a page");
        String body = "- a line with ü and <b>\n".repeat(3000).substring(0, 65_536 - 1) + ".";
        var request =
                new NewPullRequest("session/s7", "main", "Add a page", body, false, List.of(), List.of(), List.of());

        int number = forge().open(request).pullRequest().number();

        assertThat(textOf(number).get(1)).isEqualTo(body);
        assertThat(forge().pullRequestsOf("session/s7")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b/c#1", "50%", "50%25", "plus+plus", "grüße/世界", "quo'te", "double\"quote", "a&b=c", "semi;colon",
                "{brace", "at@home", "comma,", "(paren)", "$dollar", "back`tick", "-dash/-x", "HEAD2", "pull/1/head"
            })
    void aBranchMayHaveAnyNameThatGitTakes(String branch) throws Exception {
        String commit = commitTo(branch, "Add a page");

        PullRequest opened = forge().open(pullRequest(branch, "main")).pullRequest();

        assertThat(opened.headBranch()).isEqualTo(branch);
        assertThat(opened.headCommit()).isEqualTo(commit);
        assertThat(forge().pullRequestsOf(branch)).containsExactly(opened);
        refusal(SharedReason.BASE_MISSING, () -> forge().open(pullRequest(branch, branch + "-not")));
        refusal(PullRequestReason.HEAD_MISSING, () -> forge().open(pullRequest(branch + "-not", branch)));
    }

    @Test
    void aPullRequestMayGoToABaseOfAnyName() throws Exception {
        commitTo("release/50%+#'1", "Release");
        commitTo("session/s7", "Add a page");

        PullRequest opened =
                forge().open(pullRequest("session/s7", "release/50%+#'1")).pullRequest();

        assertThat(opened.baseBranch()).isEqualTo("release/50%+#'1");
        assertThat(forge().pullRequestsOf("session/s7")).containsExactly(opened);
    }

    @Test
    void aBranchMayHaveAPullRequestForEachBase() throws Exception {
        commitTo("next", "Next");
        commitTo("session/s7", "Add a page");
        int first =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();
        int second =
                forge().open(pullRequest("session/s7", "next")).pullRequest().number();

        assertThat(forge().pullRequestsOf("session/s7"))
                .extracting(PullRequest::number, PullRequest::baseBranch)
                .containsExactly(tuple(second, "next"), tuple(first, "main"));
    }

    @Test
    void aDraftIsOpenedAsADraftAndFoundAsOne() throws Exception {
        commitTo("session/s7", "Add a page");
        var request = new NewPullRequest("session/s7", "main", "Add a page", "", true, List.of(), List.of(), List.of());

        assertThat(forge().open(request).pullRequest().draft()).isTrue();
        assertThat(forge().pullRequestsOf("session/s7"))
                .extracting(PullRequest::draft)
                .containsExactly(true);
    }

    @Test
    void aPairOfBranchesHasOneOpenPullRequest() throws Exception {
        commitTo("session/s7", "Add a page");
        int opened =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();

        PullRequestExistsException refused = catchThrowableOfType(
                PullRequestExistsException.class, () -> forge().open(pullRequest("session/s7", "main")));

        assertThat(refused.number().orElse(opened)).isEqualTo(opened);
        assertThat(forge().pullRequestsOf("session/s7")).hasSize(1);
    }

    @Test
    void everyStateIsFoundNewestFirst() throws Exception {
        commitTo("session/s7", "Add a page");
        int closed =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();
        close(closed);
        int merged =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();
        merge(merged);
        commitTo("session/s7", "Add another page");
        int open = forge().open(pullRequest("session/s7", "main")).pullRequest().number();

        assertThat(forge().pullRequestsOf("session/s7"))
                .extracting(PullRequest::number, PullRequest::state)
                .containsExactly(tuple(open, State.OPEN), tuple(merged, State.MERGED), tuple(closed, State.CLOSED));
    }

    /** Or a publish would take work that came later for merged. */
    @Test
    void aPullRequestThatHasEndedKeepsTheCommitItEndedWith() throws Exception {
        String first = commitTo("session/s7", "Add a page");
        int closed =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();
        close(closed);
        String second = commitTo("session/s7", "Add another page");
        int merged =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();
        merge(merged);
        commitTo("session/s7", "Add a third page");

        assertThat(forge().pullRequestsOf("session/s7"))
                .extracting(PullRequest::number, PullRequest::headCommit)
                .containsExactly(tuple(merged, second), tuple(closed, first));
        assertThat(forge().pullRequest(merged).headCommit()).isEqualTo(second);
    }

    @Test
    void aPullRequestIsReadByItsNumberInEveryState() throws Exception {
        commitTo("session/s7", "Add a page");
        PullRequest opened = forge().open(pullRequest("session/s7", "main")).pullRequest();
        assertThat(forge().pullRequest(opened.number())).isEqualTo(opened);
        assertThat(reading().pullRequest(opened.number())).isEqualTo(opened);

        String tip = commitTo("session/s7", "Add another page");
        merge(opened.number());

        PullRequest merged = forge().pullRequest(opened.number());
        assertThat(merged.state()).isEqualTo(State.MERGED);
        assertThat(merged.headCommit()).isEqualTo(tip);
    }

    @Test
    void aPullRequestIsClosedOnceAndStaysClosed() throws Exception {
        commitTo("session/s7", "Add a page");
        int number =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();

        forge().close(number);
        assertThat(forge().pullRequest(number).state()).isEqualTo(State.CLOSED);
        forge().close(number);
        assertThat(forge().pullRequest(number).state()).isEqualTo(State.CLOSED);
    }

    @Test
    void aMergedPullRequestStaysMergedWhenItIsClosed() throws Exception {
        commitTo("session/s7", "Add a page");
        int number =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();
        merge(number);

        forge().close(number);

        assertThat(forge().pullRequest(number).state()).isEqualTo(State.MERGED);
    }

    private PullRequestRef ref(int number) throws Exception {
        String name = repository();
        return PullRequestRef.of(
                new RepositoryUrl(
                        authority(), name.substring(0, name.indexOf('/')), name.substring(name.indexOf('/') + 1)),
                number);
    }

    /** Reads again until it is as expected, as often as the forge needs to compute it. */
    private PullRequestSnapshot snapshot(int number, Predicate<PullRequestSnapshot> expected) throws Exception {
        AtomicReference<PullRequestRef> ref = new AtomicReference<>(ref(number));
        Forge forge = forge();
        return Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .until(
                        () -> {
                            PullRequestSnapshot read =
                                    forge.snapshots(List.of(ref.get())).found().get(ref.get());
                            ref.set(new PullRequestRef(
                                    ref.get().repository(),
                                    number,
                                    read.nodeId(),
                                    true,
                                    read.mergeable(),
                                    Optional.of(read.updatedAt())));
                            return read;
                        },
                        expected);
    }

    @Test
    void aSnapshotShowsHeadBaseAndWhetherItCanBeMerged() throws Exception {
        String commit = commitTo("session/s7", "Add a page");
        int number =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();

        PullRequestSnapshot open = snapshot(number, each -> each.mergeable() == Mergeable.TRUE);

        assertThat(open.number()).isEqualTo(number);
        assertThat(open.lifecycle()).isEqualTo(Lifecycle.OPEN);
        assertThat(open.headCommit()).isEqualTo(commit);
        assertThat(open.baseBranch()).isEqualTo("main");
        assertThat(open.checks()).contains(new PullRequestSnapshot.Checks(0, 0, 0));
        assertThat(open.reviewDecision()).isEmpty();
        assertThat(open.obstacles()).isEmpty();
        assertThat(open.merge()).isEmpty();
        assertThat(open.closedAt()).isEmpty();
    }

    @Test
    void aSnapshotCountsTheStatusesOfTheHeadAlone() throws Exception {
        String first = commitTo("session/s7", "Add a page");
        int number =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();
        report(first, number, "ci/build", "pending");
        report(first, number, "ci/build", "success");
        report(first, number, "ci/test", "failure");
        report(first, number, "ci/docs", "pending");

        assertThat(snapshot(number, any -> true).checks()).contains(new PullRequestSnapshot.Checks(1, 1, 1));

        commitTo("session/s7", "Add another page");
        assertThat(snapshot(number, any -> true).checks()).contains(new PullRequestSnapshot.Checks(0, 0, 0));
    }

    @Test
    void aSnapshotShowsADraft() throws Exception {
        commitTo("session/s7", "Add a page");
        var request = new NewPullRequest("session/s7", "main", "Add a page", "", true, List.of(), List.of(), List.of());
        int number = forge().open(request).pullRequest().number();

        assertThat(snapshot(number, any -> true).lifecycle()).isEqualTo(Lifecycle.DRAFT);
    }

    @Test
    void aSnapshotShowsThatHeadAndBaseConflict() throws Exception {
        commitFile("session/s7", "page.txt", "one");
        commitFile("main", "page.txt", "two");
        int number =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();

        assertThat(snapshot(number, each -> each.mergeable() != Mergeable.UNKNOWN)
                        .mergeable())
                .isEqualTo(Mergeable.FALSE);
    }

    @Test
    void aSnapshotShowsThatChangesAreRequested() throws Exception {
        commitTo("session/s7", "Add a page");
        int number =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();

        requestChanges(number);

        assertThat(snapshot(number, any -> true).reviewDecision()).contains(ReviewDecision.CHANGES_REQUESTED);
    }

    @Test
    void aSnapshotShowsWhoMergedItAndAsWhichCommit() throws Exception {
        String commit = commitTo("session/s7", "Add a page");
        int number =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();
        merge(number);

        PullRequestSnapshot merged = snapshot(number, each -> each.lifecycle() == Lifecycle.MERGED);

        PullRequestSnapshot.Merge merge = merged.merge().orElseThrow();
        assertThat(forge().contains(merge.commit().orElseThrow(), commit)).isTrue();
        assertThat(merge.by()).isPresent();
        assertThat(merge.at()).isPresent();
        assertThat(merged.closedAt()).isPresent();
        assertThat(merged.mergeable()).isEqualTo(Mergeable.UNKNOWN);
    }

    @Test
    void aSnapshotShowsThatItWasClosedAndReopened() throws Exception {
        commitTo("session/s7", "Add a page");
        int number =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();
        close(number);

        PullRequestSnapshot closed = snapshot(number, any -> true);
        assertThat(closed.lifecycle()).isEqualTo(Lifecycle.CLOSED);
        assertThat(closed.closedAt()).isPresent();

        reopen(number);
        PullRequestSnapshot open = snapshot(number, any -> true);
        assertThat(open.lifecycle()).isEqualTo(Lifecycle.OPEN);
        assertThat(open.closedAt()).isEmpty();
    }

    @Test
    void severalAreReadTogetherAndOneThatIsNotThereIsRefusedByItself() throws Exception {
        commitTo("session/s7", "Add a page");
        commitTo("session/s8", "Add another page");
        int first =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();
        int second =
                forge().open(pullRequest("session/s8", "main")).pullRequest().number();

        Snapshots read = reading().snapshots(List.of(ref(first), ref(second), ref(99)));

        assertThat(read.found()).containsOnlyKeys(ref(first), ref(second));
        assertThat(read.refused()).containsOnlyKeys(ref(99));
        refusal(SharedReason.NOT_FOUND, () -> {
            throw read.refused().get(ref(99));
        });
    }

    @Test
    void aCredentialThatHasEndedReadsNoSnapshot() throws Exception {
        commitTo("session/s7", "Add a page");
        Forge forge = forge();
        int number = forge.open(pullRequest("session/s7", "main")).pullRequest().number();

        revoke();

        refusal(SharedReason.AUTH, () -> forge.snapshots(List.of(ref(number))));
    }

    @Test
    void aPullRequestThatIsNotThereIsNotFound() {
        refusal(SharedReason.NOT_FOUND, () -> forge().pullRequest(4711));
        refusal(SharedReason.NOT_FOUND, () -> forge().close(4711));
    }

    @Test
    void aCredentialThatMayOnlyReadNeitherOpensNorCloses() throws Exception {
        commitTo("session/s7", "Add a page");
        int number =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();
        commitTo("session/s8", "Add a page");

        refusal(SharedReason.FORBIDDEN, () -> reading().close(number));
        refusal(SharedReason.FORBIDDEN, () -> readOnly().close(number));
        refusal(SharedReason.FORBIDDEN, () -> readOnly().open(pullRequest("session/s8", "main")));
        assertThat(readOnly().pullRequest(number).state()).isEqualTo(State.OPEN);
        assertThat(readOnly().pullRequestsOf("session/s8")).isEmpty();
    }

    @Test
    void aBranchAtTheTipOfItsBaseHasNoChanges() throws Exception {
        branch("session/same");

        refusal(PullRequestReason.NO_CHANGES, () -> forge().open(pullRequest("session/same", "main")));
        assertThat(forge().pullRequestsOf("session/same")).isEmpty();
    }

    @Test
    void aBranchBehindItsBaseHasNoChanges() throws Exception {
        branch("session/behind");
        commitTo("main", "Go on");

        refusal(PullRequestReason.NO_CHANGES, () -> forge().open(pullRequest("session/behind", "main")));
    }

    @Test
    void aRenamedRepositoryIsFollowedToItsNewName() throws Exception {
        commitTo("session/s7", "Add a page");
        int first =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();
        commitTo("session/s8", "Add a page");
        String owner = repository().substring(0, repository().indexOf('/'));
        rename("site");

        assertThat(forge().repository().canonical()).isEqualTo(owner + "/site");
        assertThat(forge().pullRequestsOf("session/s7"))
                .extracting(PullRequest::number)
                .containsExactly(first);
        PullRequest second = forge().open(pullRequest("session/s8", "main")).pullRequest();
        assertThat(second.url()).contains(owner + "/site/");
        forge().close(second.number());
        assertThat(forge().pullRequest(second.number()).state()).isEqualTo(State.CLOSED);
        refusal(PullRequestReason.HEAD_MISSING, () -> forge().open(pullRequest("nowhere", "main")));
    }

    @Test
    void disabledPullRequestsAreSaid() throws Exception {
        commitTo("session/s7", "Add a page");
        disablePullRequests();

        refusal(PullRequestReason.PULL_REQUESTS_DISABLED, () -> forge().open(pullRequest("session/s7", "main")));
    }

    @Test
    void aRevokedCredentialIsAuth() throws Exception {
        Forge forge = forge();
        forge.repository();
        revoke();

        refusal(SharedReason.AUTH, forge::repository);
        refusal(SharedReason.AUTH, () -> forge.open(pullRequest("session/s7", "main")));
    }

    @Test
    void aBaseThatIsNotThereIsBaseMissing() throws Exception {
        commitTo("session/s7", "Add a page");

        refusal(SharedReason.BASE_MISSING, () -> forge().open(pullRequest("session/s7", "nowhere")));
    }

    @Test
    void aHeadThatIsNotThereIsHeadMissing() {
        refusal(PullRequestReason.HEAD_MISSING, () -> forge().open(pullRequest("session/s7", "main")));
    }

    private static NewPullRequest withAdditions(
            String title, List<String> labels, List<String> reviewers, List<String> assignees) {
        return new NewPullRequest("session/s7", "main", title, "", false, labels, reviewers, assignees);
    }

    @Test
    void labelsReviewersAndAssigneesAreSet() throws Exception {
        commitTo("session/s7", "Add a page");
        var request = withAdditions("Add a page", List.of("agent"), List.of(login("grace")), List.of(login("grace")));

        Opened opened = forge().open(request);

        assertThat(opened.notes()).isEmpty();
        assertThat(additionsOf(opened.pullRequest().number()))
                .containsExactly(List.of("agent"), List.of(login("grace")), List.of(login("grace")));
    }

    @Test
    void whatAnOpeningThatWasCutShortHasLeftOutIsMadeUpForAndASecondTimeChangesNothing() throws Exception {
        commitTo("session/s7", "Add a page");
        int number =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();
        var request =
                withAdditions("Another title", List.of("agent"), List.of(login("grace")), List.of(login("grace")));

        for (int time = 0; time < 2; time++) {
            assertThat(forge().complete(number, request)).isEmpty();

            assertThat(additionsOf(number))
                    .containsExactly(List.of("agent"), List.of(login("grace")), List.of(login("grace")));
            assertThat(textOf(number).get(0)).isNotEqualTo("Another title");
        }
    }

    @Test
    void whoClosedAPullRequestIsKnown() throws Exception {
        commitTo("session/s7", "Add a page");
        int number =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();
        String author = forge().pullRequest(number).description().author();
        assertThat(forge().closedBy(number)).isEmpty();

        forge().close(number);

        assertThat(forge().closedBy(number)).contains(author);
        refusal(SharedReason.NOT_FOUND, () -> forge().closedBy(4711));
    }

    private static PullRequestEdit edit(Difference labels, Difference reviewers, Difference assignees) {
        return new PullRequestEdit(Optional.empty(), Optional.empty(), Optional.empty(), labels, reviewers, assignees);
    }

    private static PullRequestEdit text(String title, String body) {
        return new PullRequestEdit(
                Optional.ofNullable(title),
                Optional.ofNullable(body),
                Optional.empty(),
                Difference.NONE,
                Difference.NONE,
                Difference.NONE);
    }

    private static PullRequestEdit draft(boolean is) {
        return new PullRequestEdit(
                Optional.empty(), Optional.empty(), Optional.of(is), Difference.NONE, Difference.NONE, Difference.NONE);
    }

    @Test
    void onlyWhatAnEditNamesIsChanged() throws Exception {
        commitTo("session/s7", "Add a page");
        int number = forge().open(
                        withAdditions("Add a page", List.of("agent"), List.of(login("grace")), List.of(login("grace"))))
                .pullRequest()
                .number();

        for (int time = 0; time < 2; time++) {
            assertThat(forge().edit(number, text("A page", null))).isEmpty();
            assertThat(textOf(number)).containsExactly("A page", "");
        }
        assertThat(forge().edit(number, text(null, "For the *menu*."))).isEmpty();

        assertThat(textOf(number)).containsExactly("A page", "For the *menu*.");
        assertThat(additionsOf(number))
                .containsExactly(List.of("agent"), List.of(login("grace")), List.of(login("grace")));
    }

    @Test
    void anEditAddsAndRemovesLabelsAndPeopleAndASecondTimeChangesNothing() throws Exception {
        commitTo("session/s7", "Add a page");
        int number =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();
        String owner = repository().substring(0, repository().indexOf('/'));
        List<String> agent = List.of("agent");
        List<String> grace = List.of(login("grace"));
        List<String> both = List.of(login("grace"), owner + "/" + team());

        for (int time = 0; time < 2; time++) {
            assertThat(forge().edit(
                                    number,
                                    edit(
                                            new Difference(agent, List.of()),
                                            new Difference(both, List.of()),
                                            new Difference(grace, List.of()))))
                    .isEmpty();
            assertThat(additionsOf(number)).containsExactly(agent, grace, grace);
            assertThat(teamsOf(number)).containsExactly(team());
        }
        for (int time = 0; time < 2; time++) {
            assertThat(forge().edit(
                                    number,
                                    edit(
                                            new Difference(List.of(), agent),
                                            new Difference(List.of(), both),
                                            new Difference(List.of(), grace))))
                    .isEmpty();
            assertThat(additionsOf(number)).containsExactly(List.of(), List.of(), List.of());
            assertThat(teamsOf(number)).isEmpty();
        }
    }

    @Test
    void anEditMakesADraftAndMakesItReadyAgain() throws Exception {
        commitTo("session/s7", "Add a page");
        int number =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();

        for (int time = 0; time < 2; time++) {
            assertThat(forge().edit(number, draft(true))).isEmpty();
            assertThat(forge().pullRequest(number).draft()).isTrue();
        }
        assertThat(forge().edit(number, text("Another", null))).isEmpty();
        assertThat(forge().pullRequest(number).draft())
                .as("a new title keeps the draft")
                .isTrue();
        for (int time = 0; time < 2; time++) {
            assertThat(forge().edit(number, draft(false))).isEmpty();
            assertThat(forge().pullRequest(number).draft()).isFalse();
        }
        assertThat(textOf(number).get(0)).isEqualTo("Another");
    }

    @Test
    void whoCanNotBeAddedByAnEditIsANoteAndTheRestIsChanged() throws Exception {
        commitTo("session/s7", "Add a page");
        int number =
                forge().open(pullRequest("session/s7", "main")).pullRequest().number();

        List<String> notes = forge().edit(
                        number,
                        edit(
                                new Difference(List.of("agent"), List.of("never-there")),
                                new Difference(List.of("nobody"), List.of()),
                                new Difference(List.of("nobody"), List.of("nobody-else"))));

        assertThat(notes).hasSize(2).allSatisfy(note -> assertThat(note).contains("nobody "));
        assertThat(additionsOf(number).get(0)).containsExactly("agent");
    }

    @Test
    void anEditOfAPullRequestThatIsNotThereIsNotFound() throws Exception {
        refusal(SharedReason.NOT_FOUND, () -> forge().edit(4711, text("A page", null)));
    }

    @Test
    void whoCanNotReviewOrBeAssignedIsANoteAndTheOthersAreAsked() throws Exception {
        commitTo("session/s7", "Add a page");
        var request = withAdditions(
                "Add a page", List.of(), List.of("nobody", login("grace")), List.of(login("grace"), "nobody"));

        Opened opened = forge().open(request);

        assertThat(opened.notes()).hasSize(2).allSatisfy(note -> assertThat(note)
                .contains("nobody"));
        assertThat(additionsOf(opened.pullRequest().number()))
                .containsExactly(List.of(), List.of(login("grace")), List.of(login("grace")));
    }

    @Test
    void aTeamIsRequestedBesideAUser() throws Exception {
        commitTo("session/s7", "Add a page");
        String owner = repository().substring(0, repository().indexOf('/'));
        var request = withAdditions("Add", List.of(), List.of(owner + "/" + team(), login("grace")), List.of());

        Opened opened = forge().open(request);

        assertThat(opened.notes()).isEmpty();
        assertThat(teamsOf(opened.pullRequest().number())).containsExactly(team());
        assertThat(additionsOf(opened.pullRequest().number()).get(1)).containsExactly(login("grace"));
        assertThat(forge().complete(opened.pullRequest().number(), request)).isEmpty();
    }

    /** And no team of this organization that has the same name is taken for it. */
    @Test
    void aTeamOrABotThatCanNotReviewIsANoteThatNamesIt() throws Exception {
        commitTo("session/s7", "Add a page");
        String owner = repository().substring(0, repository().indexOf('/'));
        var request = withAdditions(
                "Add",
                List.of(),
                List.of("elsewhere/" + team(), owner + "/nobody", "nobody[bot]", login("grace")),
                List.of("nobody[bot]"));

        Opened opened = forge().open(request);

        assertThat(opened.notes())
                .satisfiesExactly(
                        note -> assertThat(note).contains("The reviewer elsewhere/" + team() + " was not"),
                        note -> assertThat(note).contains("The reviewer nobody[bot] was not"),
                        note -> assertThat(note).contains("The team nobody was not"),
                        note -> assertThat(note).contains("The assignee nobody[bot] was not"));
        assertThat(teamsOf(opened.pullRequest().number())).isEmpty();
        assertThat(additionsOf(opened.pullRequest().number()).get(1)).containsExactly(login("grace"));
    }

    @Test
    void theTitleAloneMakesNoDraft() throws Exception {
        commitTo("session/s7", "Add a page");

        Opened opened = forge().open(withAdditions("[wip] WIP: Add", List.of(), List.of(), List.of()));

        assertThat(opened.pullRequest().draft()).isFalse();
        assertThat(forge().pullRequestsOf("session/s7"))
                .extracting(PullRequest::draft)
                .containsExactly(false);
    }

    @Test
    void aCredentialThatTheForgeDoesNotKnowIsAuth() {
        refusal(SharedReason.AUTH, () -> strange().repository());
        refusal(SharedReason.AUTH, () -> strange().pullRequestsOf("session/s7"));
        refusal(SharedReason.AUTH, () -> strange().open(pullRequest("session/s7", "main")));
        refusal(SharedReason.AUTH, () -> strange().pullRequest(1));
        refusal(SharedReason.AUTH, () -> strange().close(1));
    }

    @Test
    void aRepositoryThatIsNotThereIsNotFound() {
        refusal(SharedReason.NOT_FOUND, () -> missing().repository());
        refusal(SharedReason.NOT_FOUND, () -> missing().pullRequestsOf("session/s7"));
        refusal(SharedReason.NOT_FOUND, () -> missing().pullRequest(1));
        refusal(SharedReason.NOT_FOUND, () -> missing().close(1));
    }

    @Test
    void aRefusalThatDoesNotSayWhenToComeBackHasNoTime() {
        assertThat(refusal(SharedReason.NOT_FOUND, () -> missing().repository()).retryAfter())
                .isEqualTo(Optional.empty());
    }

    @Test
    void anArchivedRepositoryIsReadOnly() throws Exception {
        commitTo("session/s7", "Add a page");
        archive();

        assertThat(forge().repository().condition()).isEqualTo(Forge.Condition.ARCHIVED);
        refusal(SharedReason.ARCHIVED, () -> forge().open(pullRequest("session/s7", "main")));
    }
}
