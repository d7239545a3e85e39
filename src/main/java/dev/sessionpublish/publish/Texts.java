package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.lifecycle.Requester;
import dev.sessionpublish.sandbox.Checkout;
import dev.sessionpublish.sandbox.PodLocator;
import java.util.Optional;

/** Gathers what a pull request's title and body are made of. */
final class Texts {
    private static final String TASK_TITLE = "sessionpublish.dev/task-title";
    private static final String SUMMARY = "sessionpublish.dev/summary";

    private Texts() {}

    /** What the pull request is called: as the spec says, else as was gathered with the push. */
    static String title(SessionPublish publish, PublishStatus draft) {
        return Optional.ofNullable(publish.getSpec().title())
                .flatMap(PullRequestText::titleOf)
                .or(() -> draft.text().map(SessionPublishStatus.PullRequestText::title))
                .orElse("Agent updates for session " + publish.getMetadata().getName());
    }

    static String body(SessionPublish publish, PublishStatus draft) {
        return Optional.ofNullable(publish.getSpec().body())
                .flatMap(PullRequestText::bodyOf)
                .or(() -> draft.text().map(SessionPublishStatus.PullRequestText::body))
                .orElse("");
    }

    static SessionPublishStatus.PullRequestText of(
            Attempt attempt, Checkout checkout, PodLocator.LocatedSandbox sandbox) {
        var newest = checkout.newest().stream()
                .map(each -> new PullRequestText.Commit(each.commit().abbreviated(), each.text()))
                .toList();
        int total = (int) Math.min(Integer.MAX_VALUE, checkout.commits().orElse(newest.size()));
        PullRequestText text = PullRequestText.of(new PullRequestText.Source(
                Optional.ofNullable(attempt.spec().title()),
                Optional.ofNullable(attempt.spec().body()),
                Optional.ofNullable(sandbox.annotations().get(TASK_TITLE)),
                Optional.ofNullable(sandbox.annotations().get(SUMMARY)),
                new PullRequestText.Commits(newest, Math.max(total, newest.size())),
                sandbox.name(),
                Requester.of(attempt.publish().getSpec().requestedBy()),
                attempt.namespace(),
                attempt.name()));
        return new SessionPublishStatus.PullRequestText(text.title(), text.body());
    }
}
