package dev.sessionpublish.controlplane;

import dev.sessionpublish.api.v1alpha1.HistoryEntry;
import dev.sessionpublish.api.v1alpha1.ObservedPullRequest;
import dev.sessionpublish.api.v1alpha1.ObservedSource;
import dev.sessionpublish.api.v1alpha1.Push;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.ManualPullRequest;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.PullRequestText;
import dev.sessionpublish.api.v1alpha1.Workspace;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.util.List;
import java.util.Map;

/** A status with a value in every field. */
final class FullStatus {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final String TIME = "2026-01-01T00:00:00Z";

    private FullStatus() {}

    static SessionPublishStatus publish() {
        return new SessionPublishStatus(
                1L,
                "again, please",
                "uid/3/12345",
                Phase.PullRequestCreated,
                "forbidden",
                "A sentence.",
                "alice",
                "bob",
                new ObservedSource("s7", "0ef1", "agent", "/workspace/repo"),
                "https://github.com/acme/web",
                "fix/login",
                "main",
                COMMIT,
                new Workspace("fix/login", COMMIT, 1L, 0L, 2L, List.of("vendor/lib")),
                new Push(TIME, TIME, COMMIT, COMMIT, COMMIT, true, true, 1L, 5_000_000_000L, false),
                new ObservedPullRequest(
                        7,
                        "PR_kwDOA1",
                        "https://github.com/acme/web/pull/7",
                        "open",
                        true,
                        false,
                        ObservedPullRequest.Lifecycle.Draft,
                        COMMIT,
                        ObservedPullRequest.Mergeable.False,
                        List.of("draft", "conflict"),
                        new ObservedPullRequest.Checks(3, 1, 1, 1, "1/3"),
                        ObservedPullRequest.ReviewDecision.ReviewRequired,
                        TIME,
                        COMMIT,
                        "carol",
                        TIME,
                        new ObservedPullRequest.Unreadable(TIME, "auth", "A sentence."),
                        null),
                new ManualPullRequest(
                        "https://github.com/acme/web/compare/main...fix/login", "forbidden", "gh pr create"),
                TIME,
                TIME,
                3,
                "2026-01-01T00:00:00.123456789Z",
                List.of(new ConditionBuilder()
                        .withType("Ready")
                        .withStatus("True")
                        .withReason("PullRequestCreated")
                        .withMessage("")
                        .withObservedGeneration(1L)
                        .withLastTransitionTime(TIME)
                        .build()),
                List.of(new HistoryEntry(40L, TIME, "git.push.started", Map.of("head-branch", "fix/login"))),
                new PullRequestText("Fix the login", "What and why."));
    }
}
