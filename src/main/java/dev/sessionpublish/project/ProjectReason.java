package dev.sessionpublish.project;

import static dev.sessionpublish.outcome.ReasonGroup.PROJECT;
import static dev.sessionpublish.outcome.RetryClass.BACKOFF;
import static dev.sessionpublish.outcome.RetryClass.PERMANENT;
import static dev.sessionpublish.outcome.RetryClass.WAKES_ON_PROJECT;

import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.ReasonGroup;
import dev.sessionpublish.outcome.RetryClass;

/** The reasons that come from a project and its credential. */
public enum ProjectReason implements Reason {
    UNSUPPORTED_PROVIDER(
            PROJECT,
            PERMANENT,
            "The project's forge is not what the cluster administrator says the host is.",
            "Make the project's forge agree with the kind of its host, or leave it out."),
    MISSING_CREDENTIALS(
            PROJECT,
            WAKES_ON_PROJECT,
            "The project names no Secret, the Secret doesn't exist, or it lacks the key that is needed.",
            "Create the Secret that the project's credentialsSecret names, with the key token (or push-token and pull-request-token)."),
    PROJECT_NOT_FOUND(
            PROJECT,
            WAKES_ON_PROJECT,
            "There is no SessionProject of that name in the namespace.",
            "Create the SessionProject in the same namespace, or correct projectRef.name."),
    PROJECT_NOT_READY(
            PROJECT,
            BACKOFF,
            "The project's own checks have not passed yet.",
            "Look at the project's conditions (kubectl describe sproj NAME) and mend what they name.");

    private final Meaning meaning;

    ProjectReason(ReasonGroup group, RetryClass retryClass, String when, String remedy) {
        this.meaning = new Meaning(group, retryClass, when, remedy);
    }

    @Override
    public Meaning meaning() {
        return meaning;
    }
}
