package dev.sessionpublish.publish.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.GitHubExchange;
import dev.sessionpublish.embedded.GitHubPull;
import dev.sessionpublish.embedded.GitHubPullState;
import dev.sessionpublish.embedded.GitHubRepository;
import dev.sessionpublish.embedded.GitHubToken;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.ForgeHost;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.forge.ForgeKind;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.forge.gitea.GiteaForge;
import dev.sessionpublish.forge.github.GitHubForge;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.RequestListener;
import dev.sessionpublish.http.Token;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What following costs one credential, at a stand-in that counts points as GitHub does, with a clock that the test moves. */
class PullRequestPollerTest {
    private static final Instant START = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final Duration TICK = Duration.ofSeconds(15);
    private static final Cadence CADENCE = new Cadence(
            TICK, Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ofMinutes(1));
    private static final int LIMIT = 5_000;

    private final MovedClock clock = new MovedClock();
    private final FollowedPullRequests followed = new FollowedPullRequests(CADENCE, clock);
    private final ForgeLanes lanes = new ForgeLanes();
    private final List<ResourceID> woken = new CopyOnWriteArrayList<>();
    private EmbeddedWorld world;
    private Forges forges;
    private PullRequestPoller poller;
    private String repository;
    private String head;

    private static final class MovedClock extends Clock {
        private volatile Instant now = START;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        world = EmbeddedWorld.start(directory);
        world.registerProject();
        ForgeHosts hosts = ForgeHosts.read(Path.of(world.environment().get("SESSION_PUBLISH_FORGES")));
        forges = new Forges(
                hosts,
                Map.of(
                        ForgeKind.GITHUB, GitHubForge.connector(clock),
                        ForgeKind.GITEA, GiteaForge.connector(),
                        ForgeKind.FORGEJO, GiteaForge.connector()),
                new Forges.Connection(Duration.ofSeconds(20), Optional.empty(), RequestListener.NONE),
                clock);
        FollowMetrics metrics = new FollowMetrics(new SimpleMeterRegistry(), followed);
        poller = new PullRequestPoller(world.client(), forges, followed, metrics, lanes, clock, woken::add);
        String authority = "localhost:" + world.git().port();
        repository = "https://" + authority + "/acme/web";
        world.git().git("acme/web").run("branch", "work", "main");
        String commit = world.git().git("acme/web").run("commit-tree", "main^{tree}", "-p", "main", "-m", "Work");
        head = commit;
        world.git().git("acme/web").run("update-ref", "refs/heads/work", commit);
        ForgeHost host = hosts.find(authority).orElseThrow();
        forges.open(host, new RepositoryUrl(authority, "acme", "web"), new Token(EmbeddedWorld.TOKEN))
                .open(new Forge.NewPullRequest("work", "main", "Work", "", false, List.of(), List.of(), List.of()));
        token().points(LIMIT, START.plus(Duration.ofHours(1)));
    }

    @AfterEach
    void stop() throws Exception {
        lanes.close();
        forges.close();
        world.close();
    }

    private GitHubToken token() {
        return world.gitHub().token(EmbeddedWorld.TOKEN, "agent-bot");
    }

    private GitHubRepository atGitHub() {
        return world.gitHub().repository("acme/web");
    }

    private void tick() {
        poller.tick(TICK.dividedBy(2)).join();
    }

    private List<GitHubExchange> queries() {
        return world.gitHub().exchanges().stream()
                .filter(each -> each.path().equals("/graphql"))
                .toList();
    }

    /** A publish whose pull request was read before, with one check that has passed or is running. */
    private SessionPublish publish(int number, boolean running, Duration age) {
        return Serialization.unmarshal(
                """
                {"metadata": {"namespace": "agents", "name": "p%1$d", "uid": "u%1$d", "generation": 1},
                 "spec": {"projectRef": {"name": "web"}, "source": {"podName": "s7"}},
                 "status": {"phase": "PullRequestCreated", "observedGeneration": 1, "finishedAt": "%2$s",
                   "repository": "%3$s", "baseBranch": "main",
                   "pullRequest": {"number": %1$d, "nodeId": "PR_1_%1$d", "url": "%3$s/pull/%1$d", "state": "open",
                     "draft": false, "adopted": false, "lifecycle": "Open", "headCommit": "%4$s", "mergeable": "True",
                     %5$s}}}
                """.formatted(
                                number,
                                START.minus(age),
                                repository,
                                head,
                                running
                                        ? "\"blockedBy\": [\"checks-pending\"], \"checks\": {\"total\": 1, \"passed\": 0,"
                                                + " \"failed\": 0, \"pending\": 1, \"summary\": \"0/1\"}"
                                        : "\"checks\": {\"total\": 1, \"passed\": 1, \"failed\": 0, \"pending\": 0,"
                                                + " \"summary\": \"1/1\"}"),
                SessionPublish.class);
    }

    private void follow(int from, int count, boolean running, Duration age, GitHubPull pull) {
        for (int number = from; number < from + count; number++) {
            GitHubPullState state = atGitHub().state(number);
            state.computed(pull)
                    .checkRun(head, "build", running ? "IN_PROGRESS" : "SUCCESS")
                    .updatedAt(START.minus(age));
            followed.observe(publish(number, running, age));
        }
    }

    @Test
    void tenThousandPullRequestsFitIntoThreeFifthsOfACredentialsHourAlsoRightAfterARestart() {
        GitHubPull pull = world.gitHub().pulls("acme/web").get(0);
        atGitHub().seed(pull, 9_999);
        follow(1, 200, true, Duration.ofMinutes(10), pull);
        follow(201, 800, false, Duration.ofMinutes(10), pull);
        follow(1_001, 3_000, false, Duration.ofHours(3), pull);
        follow(4_001, 6_000, false, Duration.ofDays(3), pull);
        assertThat(followed.counts())
                .isEqualTo(Map.of(
                        Cadence.Pace.HOT,
                        200,
                        Cadence.Pace.WARM,
                        800,
                        Cadence.Pace.COOL,
                        3_000,
                        Cadence.Pace.COLD,
                        6_000));
        int most = 0;
        for (int i = 0; i < 120; i++) {
            int before = token().pointsTaken();
            tick();
            most = Math.max(most, token().pointsTaken() - before);
            clock.now = clock.now.plus(TICK);
        }

        assertThat(token().pointsTaken()).isLessThanOrEqualTo(LIMIT * 6 / 10 / 2);
        assertThat(most).as("points in one tick").isLessThanOrEqualTo(24);
        assertThat(woken).isEmpty();
        assertThat(queries()).hasSize(token().pointsTaken());

        atGitHub().end(777, false);
        for (int i = 0; i < 5; i++) {
            tick();
            clock.now = clock.now.plus(TICK);
        }

        assertThat(woken).containsExactly(new ResourceID("p777", "agents"));
    }

    @Test
    void followingStopsWhileLessThanAFifthOfTheLimitIsLeft() {
        GitHubPull pull = world.gitHub().pulls("acme/web").get(0);
        follow(1, 1, true, Duration.ofMinutes(10), pull);
        token().points(LIMIT / 5, START.plus(Duration.ofMinutes(10)));
        tick();
        assertThat(queries()).hasSize(1);
        for (Duration at = TICK; at.compareTo(Duration.ofMinutes(10)) < 0; at = at.plus(TICK)) {
            clock.now = START.plus(at);
            tick();
        }
        assertThat(queries()).hasSize(1);

        token().points(LIMIT, START.plus(Duration.ofMinutes(70)));
        clock.now = START.plus(Duration.ofMinutes(10));
        tick();

        assertThat(queries()).hasSize(2);
    }

    @Test
    void twoPublishesOfOnePullRequestAreReadOnceAndBothWoken() {
        GitHubPull pull = world.gitHub().pulls("acme/web").get(0);
        follow(1, 1, true, Duration.ofMinutes(10), pull);
        SessionPublish twin = publish(1, true, Duration.ofMinutes(10));
        twin.getMetadata().setName("twin");
        followed.observe(twin);
        atGitHub().state(1).checkRun(head, "build", "SUCCESS");

        tick();

        assertThat(queries()).hasSize(1);
        assertThat(woken).containsExactlyInAnyOrder(new ResourceID("p1", "agents"), new ResourceID("twin", "agents"));
    }

    @Test
    void aClosedOneIsReadForADayAndAMergedOneNever() {
        GitHubPull pull = world.gitHub().pulls("acme/web").get(0);
        follow(1, 1, false, Duration.ofMinutes(10), pull);
        atGitHub().end(1, false);
        clock.now = START.plus(Duration.ofMinutes(1));
        tick();
        assertThat(woken).hasSize(1);
        assertThat(followed.counts()).containsEntry(Cadence.Pace.COLD, 1);

        clock.now = START.plus(Duration.ofHours(25));
        followed.settled(
                new ResourceID("p1", "agents"),
                followed.news(new ResourceID("p1", "agents")).orElseThrow());
        tick();
        assertThat(followed.counts()).containsEntry(Cadence.Pace.COLD, 0);
        int before = queries().size();
        clock.now = clock.now.plus(Duration.ofHours(1));
        tick();
        assertThat(queries()).hasSize(before);
    }

    @Test
    void aNamespaceAsksWithItsOwnCredentialAlone() {
        GitHubPull pull = world.gitHub().pulls("acme/web").get(0);
        follow(1, 1, true, Duration.ofMinutes(10), pull);
        SessionPublish elsewhere = publish(1, true, Duration.ofMinutes(10));
        elsewhere.getMetadata().setNamespace("elsewhere");
        followed.observe(elsewhere);

        tick();

        assertThat(queries()).hasSize(1);
        assertThat(woken).containsExactly(new ResourceID("p1", "elsewhere"));
        assertThat(followed.news(new ResourceID("p1", "elsewhere"))).containsInstanceOf(Observation.Unreadable.class);
    }
}
