package dev.sessionpublish.kube;

import java.util.Locale;

/** The lifecycle events of a publish, in the order in which they come about. */
public enum LifecycleType {
    GIT_PUSH_STARTED("GitPushStarted", false),
    GIT_PUSH_SUCCEEDED("GitPushSucceeded", false),
    GIT_PUSH_FAILED("GitPushFailed", true),
    GIT_PR_STARTED("PullRequestStarted", false),
    GIT_PR_SUCCEEDED("PullRequestSucceeded", false),
    GIT_PR_FAILED("PullRequestFailed", true),
    GIT_PR_MANUAL("PullRequestManual", false),
    GIT_PR_CLOSED("PullRequestClosed", false),
    GIT_PR_LEFT("PullRequestLeft", true);

    private final String eventReason;
    private final boolean warning;

    LifecycleType(String eventReason, boolean warning) {
        this.eventReason = eventReason;
        this.warning = warning;
    }

    /** As in status.history, and the action of the Kubernetes Event: {@code git.push.started}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    /** The reason of the Kubernetes Event: {@code GitPushStarted}. */
    public String eventReason() {
        return eventReason;
    }

    /** Whether it belongs to the push; else to the pull request, which comes after. */
    boolean isOfPush() {
        return ordinal() < GIT_PR_STARTED.ordinal();
    }

    /** The type of the Kubernetes Event: {@code Warning} or {@code Normal}. */
    public String eventType() {
        return warning ? "Warning" : "Normal";
    }
}
