package dev.sessionpublish.project;

import static dev.sessionpublish.outcome.ReasonGroup.PROJECT;
import static dev.sessionpublish.outcome.RetryClass.BACKOFF;
import static dev.sessionpublish.outcome.RetryClass.PERMANENT;
import static dev.sessionpublish.outcome.RetryClass.WAKES_ON_PROJECT;

import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.ReasonGroup;
import dev.sessionpublish.outcome.RetryClass;

/** Reasons that concern a project and its credential. */
public enum ProjectReason implements Reason {
    UNSUPPORTED_PROVIDER(
            PROJECT,
            PERMANENT,
            "The project's spec.forge differs from the kind that the operator's forges file sets for the host.",
            "Correct the project's spec.forge, or remove it."),
    MISSING_CREDENTIALS(
            PROJECT,
            WAKES_ON_PROJECT,
            "The project names no Secret, the Secret does not exist, or it lacks a required key or has an invalid one.",
            "Create the Secret that the project's credentialsSecret names, with the key token (or push-token and pull-request-token), or with app-id and private-key of a GitHub App."),
    PROJECT_NOT_FOUND(
            PROJECT,
            WAKES_ON_PROJECT,
            "No SessionProject of that name exists in the namespace, or it is being deleted.",
            "Create the SessionProject in the same namespace, or correct projectRef.name."),
    PROJECT_NOT_READY(
            PROJECT,
            BACKOFF,
            "The project is not ready.",
            "Check the project's conditions (kubectl describe sproj NAME) and fix the problem that they report.");

    private final Meaning meaning;

    ProjectReason(ReasonGroup group, RetryClass retryClass, String when, String remedy) {
        this.meaning = new Meaning(group, retryClass, when, remedy);
    }

    @Override
    public Meaning meaning() {
        return meaning;
    }
}
