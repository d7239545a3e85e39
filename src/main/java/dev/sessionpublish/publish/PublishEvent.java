package dev.sessionpublish.publish;

import dev.sessionpublish.lifecycle.EventType;
import java.util.Locale;

/** The lifecycle events of a publish, in the order in which they happen. */
public enum PublishEvent implements EventType {
    GIT_PUSH_STARTED("GitPushStarted", false),
    GIT_PUSH_SUCCEEDED("GitPushSucceeded", false),
    GIT_PUSH_FAILED("GitPushFailed", true),
    GIT_PR_STARTED("PullRequestStarted", false),
    GIT_PR_SUCCEEDED("PullRequestSucceeded", false),
    GIT_PR_FAILED("PullRequestFailed", true),
    GIT_PR_MANUAL("PullRequestManual", false),
    GIT_PR_UPDATED("PullRequestUpdated", false),
    GIT_PR_CLOSED("PullRequestClosed", false),
    GIT_PR_REOPENED("PullRequestReopened", false),
    GIT_PR_LEFT("PullRequestLeft", true),
    GIT_MERGE_SUCCEEDED("MergeSucceeded", false);

    private final String eventReason;
    private final boolean warning;

    PublishEvent(String eventReason, boolean warning) {
        this.eventReason = eventReason;
        this.warning = warning;
    }

    @Override
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    @Override
    public String eventReason() {
        return eventReason;
    }

    @Override
    public boolean isWarning() {
        return warning;
    }
}
