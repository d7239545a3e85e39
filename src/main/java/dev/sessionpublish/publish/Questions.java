package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.api.v1alpha1.SessionPublishSpec.UncommittedChanges;
import dev.sessionpublish.git.Advertisement;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.ProjectTags;
import dev.sessionpublish.sandbox.Checkout;
import dev.sessionpublish.sandbox.CheckoutSession;
import dev.sessionpublish.sandbox.PodExec;
import dev.sessionpublish.sandbox.PodLocator;
import java.time.Instant;

/** Asks the git of a sandbox what a publish wants to know of its checkout, with the limits that the settings set. */
final class Questions {
    private final PodExec exec;
    private final PublishSettings settings;
    private final PublishMetrics metrics;

    Questions(PodExec exec, PublishSettings settings, PublishMetrics metrics) {
        this.exec = exec;
        this.settings = settings;
        this.metrics = metrics;
    }

    /** A checkout that has described itself, and waits to be asked for a pack. */
    record Asked(CheckoutSession session, Checkout checkout) implements AutoCloseable {
        @Override
        public void close() {
            session.close();
        }
    }

    /** @throws RefusedException with a reason of the source stage, or no-commits */
    Asked ask(Attempt attempt, PodLocator.LocatedSandbox sandbox, Advertisement advertised) throws RefusedException {
        CheckoutSession session = open(attempt, sandbox);
        try {
            return new Asked(
                    session, session.describe(attempt.base(), attempt.base().flatMap(advertised::branch)));
        } catch (RefusedException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** @throws RefusedException exec-failed */
    CheckoutSession open(Attempt attempt, PodLocator.LocatedSandbox sandbox) throws RefusedException {
        ProjectTags whose = ProjectTags.of(attempt.project());
        return CheckoutSession.open(
                exec,
                sandbox.container(),
                request(attempt),
                settings.execLimit(),
                outcome -> metrics.execEnded(whose, outcome));
    }

    private CheckoutSession.Request request(Attempt attempt) {
        return new CheckoutSession.Request(
                directory(attempt.spec()),
                settings.workspace().root(),
                attempt.spec().uncommittedChanges() == UncommittedChanges.Commit,
                new CheckoutSession.Author(
                        settings.author().name(),
                        settings.author().email(),
                        Instant.parse(attempt.publish().getMetadata().getCreationTimestamp())));
    }

    /** Where the checkout is to be, in the sandbox. */
    String directory(SessionPublishSpec spec) {
        return spec.source().directory() == null
                ? settings.workspace().directory()
                : spec.source().directory();
    }
}
