package dev.sessionpublish.publish.plan;

import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.PullRequestReason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.Credentials;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.publish.PublishReason;
import java.util.Optional;

/** What a publish does about the pull request of its pushed branch. A pure function of what is known by then. */
public sealed interface PullRequestPlan {
    /** The spec wants no pull request. */
    record NotWanted() implements PullRequestPlan {}

    /** The operator may not open one: a link is handed over. */
    record HandOver(RefusedException why) implements PullRequestPlan {}

    /** An existing pull request is adopted, or a new one opened. */
    record Open(Forge.NewPullRequest request) implements PullRequestPlan {}

    /**
     * What is known.
     *
     * @param publishingEnabled the operator's setting
     * @param head the pushed branch
     * @param text of the pull request
     */
    record Facts(
            SessionPublishSpec spec,
            Project project,
            Credentials credentials,
            boolean publishingEnabled,
            String head,
            String base,
            PullRequestText text) {}

    static PullRequestPlan of(Facts facts) {
        if (!facts.spec.wantsPullRequest()) {
            return new NotWanted();
        }
        Optional<RefusedException> handOver = handOver(facts.project, facts.credentials, facts.publishingEnabled);
        return handOver.isPresent() ? new HandOver(handOver.get()) : new Open(request(facts));
    }

    /** Whether the forge is asked for a pull request. */
    public static boolean opens(
            SessionPublishSpec spec, Project project, Credentials credentials, boolean publishingEnabled) {
        return spec.wantsPullRequest()
                && handOver(project, credentials, publishingEnabled).isEmpty();
    }

    /** Why the operator may not open one. */
    private static Optional<RefusedException> handOver(
            Project project, Credentials credentials, boolean publishingEnabled) {
        if (!publishingEnabled) {
            return Optional.of(new RefusedException(
                    PublishReason.PUBLISHING_DISABLED,
                    "Publishing is disabled on this operator (SESSION_PUBLISH_PUBLISHING_ENABLED is false); the pull"
                            + " request opens automatically once it is enabled."));
        }
        if (!project.pullRequests().enabled()) {
            return Optional.of(new RefusedException(
                    PullRequestReason.PULL_REQUESTS_DISABLED,
                    "The project " + project.name()
                            + " has spec.pullRequests.enabled: false. Open the pull request from the" + " link."));
        }
        try {
            credentials.requirePullRequest();
        } catch (RefusedException e) {
            return Optional.of(e);
        }
        return Optional.empty();
    }

    private static Forge.NewPullRequest request(Facts facts) {
        PullRequestWishes wishes = PullRequestWishes.of(facts.spec, facts.project.pullRequests());
        return new Forge.NewPullRequest(
                facts.head,
                facts.base,
                facts.text.title(),
                facts.text.body(),
                wishes.draft(),
                wishes.labels(),
                wishes.reviewers(),
                wishes.assignees());
    }
}
