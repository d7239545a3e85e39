package dev.sessionpublish.forge;

import static dev.sessionpublish.outcome.ReasonGroup.PROJECT;
import static dev.sessionpublish.outcome.RetryClass.BACKOFF;

import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.ReasonGroup;
import dev.sessionpublish.outcome.RetryClass;

/** Reasons that concern the installation of a GitHub App. They are retried, because nothing in the cluster shows a change. */
public enum AppReason implements Reason {
    APP_NOT_INSTALLED(
            PROJECT,
            BACKOFF,
            "The project's GitHub App is not installed on the repository, or its installation was removed.",
            "Install the App on the repository's account and select the repository. The message has the page."),
    APP_SUSPENDED(
            PROJECT,
            BACKOFF,
            "The installation of the project's GitHub App is suspended.",
            "Unsuspend the installation. The message has the page.");

    private final Meaning meaning;

    AppReason(ReasonGroup group, RetryClass retryClass, String when, String remedy) {
        this.meaning = new Meaning(group, retryClass, when, remedy);
    }

    @Override
    public Meaning meaning() {
        return meaning;
    }
}
