package dev.sessionpublish.outcome;

import static dev.sessionpublish.outcome.RetryClass.BACKOFF;
import static dev.sessionpublish.outcome.RetryClass.ONCE;
import static dev.sessionpublish.outcome.RetryClass.PERMANENT;
import static dev.sessionpublish.outcome.RetryClass.WAKES_ON_PROJECT;
import static dev.sessionpublish.outcome.Stage.ANY;
import static dev.sessionpublish.outcome.Stage.CONTENT;
import static dev.sessionpublish.outcome.Stage.PROJECT;
import static dev.sessionpublish.outcome.Stage.PULL_REQUEST;
import static dev.sessionpublish.outcome.Stage.PUSH;
import static dev.sessionpublish.outcome.Stage.SOURCE;

/** Why a publish is not where it was asked to be. The {@link #code} is stable: people and dashboards match on it. */
public enum Reason {
    INVALID_BRANCH(PROJECT, PERMANENT),
    PROTECTED_BRANCH(PROJECT, PERMANENT),
    INVALID_REPO_URL(PROJECT, PERMANENT),
    UNSUPPORTED_HOST(PROJECT, PERMANENT),
    UNSUPPORTED_PROVIDER(PROJECT, PERMANENT),
    UNSUPPORTED_SOURCE(PROJECT, PERMANENT),
    PUSH_DISABLED(PROJECT, WAKES_ON_PROJECT),
    MISSING_CREDENTIALS(PROJECT, WAKES_ON_PROJECT),
    PROJECT_NOT_FOUND(PROJECT, WAKES_ON_PROJECT),
    PROJECT_NOT_READY(PROJECT, BACKOFF),

    CONTAINER_AMBIGUOUS(SOURCE, PERMANENT),
    WORKSPACE_MISSING(SOURCE, PERMANENT),
    NOT_A_REPOSITORY(SOURCE, PERMANENT),
    GIT_MISSING(SOURCE, PERMANENT),
    SANDBOX_TERMINATED(SOURCE, PERMANENT),
    WRONG_POD(SOURCE, PERMANENT),
    COMMIT_MOVED(SOURCE, PERMANENT),
    SANDBOX_NOT_READY(SOURCE, BACKOFF),
    WORKSPACE_BUSY(SOURCE, BACKOFF),
    EXEC_FAILED(SOURCE, BACKOFF),
    TIMEOUT(SOURCE, BACKOFF),

    NO_COMMITS(CONTENT, PERMANENT),
    NO_CHANGES(CONTENT, PERMANENT),
    UNCOMMITTED_CHANGES(CONTENT, PERMANENT),
    OPERATION_IN_PROGRESS(CONTENT, PERMANENT),
    LFS(CONTENT, PERMANENT),

    AUTH(PUSH, WAKES_ON_PROJECT),
    FORBIDDEN(PUSH, WAKES_ON_PROJECT),
    SSO_REQUIRED(PUSH, PERMANENT),
    NOT_FOUND(PUSH, PERMANENT),
    NON_FAST_FORWARD(PUSH, PERMANENT),
    BRANCH_CONFLICT(PUSH, PERMANENT),
    REMOTE_REJECTED(PUSH, PERMANENT),
    PUSH_PROTECTION(PUSH, PERMANENT),
    FILE_TOO_LARGE(PUSH, PERMANENT),
    WORKFLOW_PERMISSION(PUSH, PERMANENT),
    SHALLOW(PUSH, PERMANENT),
    OBJECT_FORMAT(PUSH, PERMANENT),
    PACK_TOO_LARGE(PUSH, PERMANENT),
    LEASE_STALE(PUSH, ONCE),
    RATE_LIMITED(PUSH, BACKOFF),
    NETWORK(PUSH, BACKOFF),
    SERVER_ERROR(PUSH, BACKOFF),

    PULL_REQUESTS_DISABLED(PULL_REQUEST, PERMANENT),
    BASE_MISSING(PULL_REQUEST, PERMANENT),
    ARCHIVED(PULL_REQUEST, PERMANENT),
    HEAD_MISSING(PULL_REQUEST, BACKOFF),

    UNKNOWN(ANY, PERMANENT);

    private final Stage stage;
    private final RetryClass retryClass;

    Reason(Stage stage, RetryClass retryClass) {
        this.stage = stage;
        this.retryClass = retryClass;
    }

    /** Kebab-case, as in status.reason, events and metrics. */
    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    public Stage stage() {
        return stage;
    }

    public RetryClass retryClass() {
        return retryClass;
    }
}
