package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.project.Credentials;
import dev.sessionpublish.project.Project;
import java.util.Optional;

/**
 * One attempt at one publish.
 *
 * @param number from 1, in its stage and run; what it is told under
 * @param resumed whether an attempt of this number had begun before, and its end was never written down
 * @param newRun whether the work in the sandbox is to be looked at anew, whatever was pushed before
 */
record Attempt(
        SessionPublish publish,
        PublishStatus draft,
        Journal journal,
        Project project,
        Credentials credentials,
        int number,
        boolean resumed,
        boolean newRun) {

    SessionPublishSpec spec() {
        return publish.getSpec();
    }

    String namespace() {
        return publish.getMetadata().getNamespace();
    }

    String name() {
        return publish.getMetadata().getName();
    }

    boolean wantsPullRequest() {
        return !Boolean.FALSE.equals(spec().createPullRequest());
    }

    /** What the spec says, else the project's default branch. */
    Optional<String> base() {
        return Optional.ofNullable(spec().baseBranch()).or(project::defaultBranch);
    }

    Attempt of(Project now) {
        return new Attempt(publish, draft, journal, now, credentials, number, resumed, newRun);
    }

    Attempt inNextStage() {
        return new Attempt(publish, draft, journal, project, credentials, 1, false, false);
    }
}
