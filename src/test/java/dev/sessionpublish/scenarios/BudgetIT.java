package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.cluster.AuditEntry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a publish costs, counted where the requests arrive. */
class BudgetIT extends OperatorScenario {

    @Test
    void aPlainPublishCostsOneExecTwoGitRequestsTwoApiCallsAndThreeStatusWritesBesidesTheProjectsCheck()
            throws Exception {
        Scene scene = scene().ready();
        scene.sandbox();
        int before = scene.audit().size();

        scene.publish("");

        awaitPublishedUnread(scene);
        assertThat(otherRequests(scene, before))
                .containsExactlyInAnyOrder(
                        "GET sessionpublishes/NAME",
                        "GET sessionprojects/NAME",
                        "GET secrets/NAME",
                        "GET pods",
                        "GET pods/NAME",
                        "POST events",
                        "POST events",
                        "POST events",
                        "POST events");
        assertThat(scene.end().phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(scene.execs()).isEqualTo(1);
        assertThat(scene.gitRequests())
                .extracting(request -> request.method() + " " + request.path().replaceFirst(".*\\.git/", ""))
                .containsExactly("GET info/refs", "POST git-receive-pack");
        assertThat(scene.apiLines())
                .containsExactly(
                        "GET " + scene.repository(),
                        "GET " + scene.repository() + "/pulls",
                        "POST " + scene.repository() + "/pulls");
        assertThat(scene.statusWrites()).isEqualTo(3);
        assertThat(scene.eventActions())
                .containsExactly("git.push.started", "git.push.succeeded", "git.pr.started", "git.pr.succeeded");
    }

    /** Waits for the end without a request, so that every request is the operator's. */
    private static void awaitPublishedUnread(Scene scene) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> scene.audit().stream()
                .anyMatch(entry -> entry.verb().equals("patch")
                        && entry.path().endsWith("/sessionpublishes/" + scene.name() + "/status")
                        && entry.request().body().contains("\"PullRequestCreated\"")));
    }

    /** The requests to the API server besides the exec, the status writes and what the test creates. */
    private static List<String> otherRequests(Scene scene, int before) {
        return scene.audit().subList(before, scene.audit().size()).stream()
                .filter(entry -> !Set.of("watch", "exec", "patch").contains(entry.verb()))
                .filter(entry -> (entry.path()
                                + entry.request().query()
                                + entry.request().body())
                        .contains(scene.name()))
                .filter(entry -> !(entry.verb().equals("create") && entry.path().endsWith("/sessionpublishes")))
                .map(entry -> entry.request().method() + " "
                        + entry.path().replaceFirst(".*/agents/", "").replaceFirst(scene.name() + "$", "NAME"))
                .toList();
    }

    @Test
    void aPushWithoutAPullRequestCostsTwoStatusWritesAndNoApiCall() throws Exception {
        Scene scene = scene().ready();
        int before = scene.apiRequests().size();
        scene.sandbox();

        scene.publish("  createPullRequest: false");

        assertThat(scene.end().phase()).isEqualTo(Phase.Pushed);
        assertThat(scene.execs()).isEqualTo(1);
        // The last one looks whether the branch is where the forge says: there is no pull request that could show it.
        assertThat(scene.gitRequests()).extracting(request -> request.method()).containsExactly("GET", "POST", "GET");
        assertThat(scene.apiRequests()).hasSize(before);
        assertThat(scene.statusWrites()).isEqualTo(2);
    }

    @Test
    void whatHasEndedCausesNoFurtherRequest() throws Exception {
        Scene done = scene().ready();
        done.sandbox();
        done.publish("").end();
        Scene refused = scene().ready();
        refused.sandbox();
        refused.publish("  commit: a" + "0".repeat(39));
        assertThat(refused.end().reason()).isEqualTo("commit-moved");
        int git = world().git().requests().size();
        int api = world().gitHub().exchanges().size();
        int kubernetes = requestsOfTheOperator().size();

        // Another publish from start to end is the time in which the others would have done something.
        Scene other = scene().ready();
        other.sandbox();
        other.publish("").end();

        assertThat(done.gitRequests()).hasSize(2);
        assertThat(refused.gitRequests()).hasSize(1);
        assertThat(world().git()
                        .requests()
                        .subList(git, world().git().requests().size()))
                .allMatch(request -> request.path().contains(other.name()));
        assertThat(world().gitHub()
                        .exchanges()
                        .subList(api, world().gitHub().exchanges().size()))
                .allMatch(request -> request.path().contains(other.name()));
        assertThat(requestsOfTheOperator()
                        .subList(kubernetes, requestsOfTheOperator().size()))
                .filteredOn(entry -> !entry.path().contains("/" + other.name()))
                // What is created or listed has its name in the body or the query.
                .allMatch(entry -> (entry.request().body() + entry.request().query()).contains(other.name()));
    }

    @Test
    void aWaitIsNeverShorterThanASecond() throws Exception {
        Scene scene = scene().ready();
        scene.publish("");
        scene.await(status -> status.attempts() != null && status.attempts() >= 3);

        List<AuditEntry> writes = scene.audit().stream()
                .filter(entry -> entry.verb().equals("patch")
                        && entry.path().endsWith("/sessionpublishes/" + scene.name() + "/status"))
                .toList();
        for (int i = 1; i < writes.size(); i++) {
            assertThat(Duration.between(writes.get(i - 1).time(), writes.get(i).time()))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(900));
        }
        world().client().resource(scene.get()).delete();
    }

    private static boolean isOfTheTest(String path) {
        return path.contains("/sessionpublishes/") || path.contains("/sessionprojects/") || path.endsWith("/events");
    }

    private static List<AuditEntry> requestsOfTheOperator() {
        return world().cluster().audit().entries().stream()
                .filter(entry -> !entry.verb().equals("watch"))
                .filter(entry -> !(entry.verb().equals("get") && isOfTheTest(entry.path())))
                .toList();
    }
}
