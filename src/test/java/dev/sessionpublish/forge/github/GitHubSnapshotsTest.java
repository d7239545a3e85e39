package dev.sessionpublish.forge.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sessionpublish.embedded.GitHubExchange;
import dev.sessionpublish.embedded.GitHubFault;
import dev.sessionpublish.embedded.GitHubReply;
import dev.sessionpublish.embedded.GitHubToken.Access;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.PullRequestRef;
import dev.sessionpublish.forge.PullRequestSnapshot.Checks;
import dev.sessionpublish.forge.PullRequestSnapshot.Lifecycle;
import dev.sessionpublish.forge.PullRequestSnapshot.Mergeable;
import dev.sessionpublish.forge.Snapshots;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What GraphQL is asked, and what is made of its answers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GitHubSnapshotsTest {
    @AutoClose
    private GitHubScene scene;

    private String head;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        scene = GitHubScene.start(directory);
    }

    @BeforeEach
    void anew() throws Exception {
        scene.anew();
        head = scene.origin().commitTo("session/s7", "Add a page");
        open();
    }

    private void open() throws Exception {
        writer().open(new Forge.NewPullRequest(
                "session/s7", "main", "Add", "", false, List.of(), List.of(), List.of()));
    }

    private Forge writer() throws Exception {
        return scene.forge(GitHubScene.REPOSITORY, GitHubScene.WRITER);
    }

    private static PullRequestRef ref(int number) {
        return PullRequestRef.of(new RepositoryUrl("git.example.com", "acme", "web"), number);
    }

    private static PullRequestRef byId(int number) {
        PullRequestRef ref = ref(number);
        return new PullRequestRef(
                ref.repository(), number, Optional.of("PR_1_" + number), true, Mergeable.UNKNOWN, Optional.empty());
    }

    private List<GitHubExchange> queries() {
        return scene.gitHub().exchanges().stream()
                .filter(each -> each.path().equals("/graphql"))
                .toList();
    }

    @Test
    void fiftyByTheirIdsTakeOneRequestAndOnePoint() throws Exception {
        scene.gitHub().repository(GitHubScene.REPOSITORY).seed(scene.pull(1), 49);
        List<PullRequestRef> refs = new ArrayList<>();
        for (int number = 1; number <= 50; number++) {
            refs.add(byId(number));
        }

        Snapshots read = writer().snapshots(refs);

        assertThat(read.found()).hasSize(50);
        assertThat(read.refused()).isEmpty();
        assertThat(read.account()).contains("agent");
        assertThat(read.rateLimit().limit()).isEqualTo(5_000);
        assertThat(queries()).hasSize(1);
        assertThat(scene.gitHub().token(GitHubScene.WRITER, "agent").pointsTaken())
                .isEqualTo(1);
    }

    @Test
    void whatAGatewayGivesUpOnIsAskedInHalves() throws Exception {
        scene.gitHub().repository(GitHubScene.REPOSITORY).seed(scene.pull(1), 3);
        scene.gitHub().next(GitHubFault.answer("POST", "/graphql", GitHubReply.error(502, "Bad Gateway")));
        scene.gitHub().next(GitHubFault.answer("POST", "/graphql", GitHubReply.error(504, "Gateway Timeout")));

        Snapshots read = writer().snapshots(List.of(byId(1), byId(2), byId(3), byId(4)));

        assertThat(read.found()).hasSize(4);
        assertThat(queries()).hasSize(5);
    }

    @Test
    void whatTheTokenMayNotReadIsUnknownAndTheRestIsRead() throws Exception {
        scene.gitHub()
                .fineGrainedToken("github_pat_NoChecks0123456789", "reader")
                .may(Access.READ, GitHubScene.REPOSITORY)
                .withoutChecks();
        scene.gitHub().repository(GitHubScene.REPOSITORY).state(1).status(head, "ci", "FAILURE");
        Forge forge = scene.forge(GitHubScene.REPOSITORY, "github_pat_NoChecks0123456789");

        Snapshots read = forge.snapshots(List.of(byId(1)));

        assertThat(read.found().get(byId(1)).checks()).isEmpty();
        assertThat(read.found().get(byId(1)).headCommit()).isEqualTo(head);
        assertThat(writer().snapshots(List.of(byId(1))).found().get(byId(1)).checks())
                .contains(new Checks(0, 1, 0));
    }

    @Test
    void aRenamedRepositoryIsStillRead() throws Exception {
        scene.gitHub().rename(GitHubScene.REPOSITORY, "acme/site");

        assertThat(writer().snapshots(List.of(ref(1))).found()).containsOnlyKeys(ref(1));
        assertThat(writer().snapshots(List.of(byId(1))).found()).containsOnlyKeys(byId(1));
    }

    @Test
    void oneInTheMergeQueueIsQueued() throws Exception {
        scene.gitHub().repository(GitHubScene.REPOSITORY).state(1).queued(true);

        assertThat(writer().snapshots(List.of(ref(1))).found().get(ref(1)).lifecycle())
                .isEqualTo(Lifecycle.QUEUED);
    }

    @Test
    void usedUpPointsAreNoReasonToKeepTheRestApiWaiting() throws Exception {
        scene.gitHub().token(GitHubScene.WRITER, "agent").points(0, GitHubScene.NOW.plus(Duration.ofMinutes(20)));
        Forge forge = writer();

        Snapshots read = forge.snapshots(List.of(ref(1)));

        assertThat(read.found()).isEmpty();
        assertThat(read.refused()).isEmpty();
        assertThat(read.rateLimit().remaining()).isZero();
        assertThat(forge.pullRequest(1).number()).isEqualTo(1);
    }

    @Test
    void aSecondaryLimitKeepsEverythingWaiting() throws Exception {
        scene.gitHub().next(GitHubFault.secondaryLimit("POST", "/graphql", Optional.of(Duration.ofSeconds(30))));
        Forge forge = writer();

        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> forge.snapshots(List.of(ref(1))));

        assertThat(refused.reason()).isEqualTo(SharedReason.RATE_LIMITED);
        assertThat(refused.retryAfter()).contains(Duration.ofSeconds(30));
        assertThat(catchThrowableOfType(RefusedException.class, () -> forge.pullRequest(1))
                        .reason())
                .isEqualTo(SharedReason.RATE_LIMITED);
    }

    @Test
    void gitHubEnterpriseHasGraphQlBesideItsRestApi() throws Exception {
        Forge forge = scene.forge(scene.gitHub().enterpriseApiUrl(), GitHubScene.REPOSITORY, GitHubScene.WRITER);

        assertThat(forge.snapshots(List.of(ref(1))).found()).hasSize(1);
    }
}
