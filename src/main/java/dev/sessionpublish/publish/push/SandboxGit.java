package dev.sessionpublish.publish.push;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.api.v1alpha1.SessionPublishSpec.UncommittedChanges;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.git.Advertisement;
import dev.sessionpublish.git.MemoryBudget;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.publish.PublishSettings;
import dev.sessionpublish.sandbox.Checkout;
import dev.sessionpublish.sandbox.CheckoutSession;
import dev.sessionpublish.sandbox.ExecOutcome;
import dev.sessionpublish.sandbox.PodExec;
import dev.sessionpublish.sandbox.SandboxContainer;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The conversation with the git of a sandbox about one checkout, within the limits of the settings. */
public final class SandboxGit {
    private final PodExec exec;
    private final PublishSettings settings;

    public SandboxGit(PodExec exec, PublishSettings settings) {
        this.exec = exec;
        this.settings = settings;
    }

    /** Of the forge's tips, so that telling them and looking for them stays a matter of a second. */
    static final int MAX_HAVES = 20_000;

    /** An exec that has sent its header and waits for the request for a pack. */
    public record Conversation(CheckoutSession session, Checkout checkout) implements AutoCloseable {
        @Override
        public void close() {
            session.close();
        }
    }

    /**
     * Asks what the checkout is.
     *
     * @param session that is open, and closed if the answer is a refusal
     * @param project decides whether the files that the work changes are counted
     * @param base that the work is compared with
     * @param memory that the claims of the sandbox are kept in
     * @param late called once if the sandbox has not answered after a second
     * @throws RefusedException with a reason of the sandbox or its checkout, or memory-limit
     */
    public Conversation ask(
            CheckoutSession session,
            SessionPublish publish,
            Project project,
            Optional<String> base,
            Advertisement advertised,
            MemoryBudget.Share memory,
            Runnable late)
            throws RefusedException {
        try {
            boolean countFiles = project.pushLimits().maxChangedFiles().isPresent();
            CheckoutSession.HeaderRequest request =
                    new CheckoutSession.HeaderRequest(base, base.flatMap(advertised::branch), true, countFiles);
            Checkout checkout = session.describe(request, memory, late);
            session.tell(advertised.tips(MAX_HAVES, base.orElse(""), branch(publish)));
            return new Conversation(session, checkout);
        } catch (RefusedException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** The branch of an earlier push, or the one that is asked for; empty if neither is known. */
    private static String branch(SessionPublish publish) {
        return Stream.of(
                        Optional.ofNullable(publish.getStatus()).map(SessionPublishStatus::headBranch),
                        Optional.ofNullable(publish.getSpec().headBranch()))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse("");
    }

    /**
     * @param ended called with the outcome of the exec
     * @throws RefusedException exec-failed
     */
    public CheckoutSession open(SessionPublish publish, SandboxContainer container, Consumer<ExecOutcome> ended)
            throws RefusedException {
        return CheckoutSession.open(exec, container, request(publish), settings.execLimits(), ended);
    }

    private CheckoutSession.Request request(SessionPublish publish) {
        SessionPublishSpec spec = publish.getSpec();
        return new CheckoutSession.Request(
                directory(spec),
                settings.workspace().root(),
                spec.uncommittedChanges() == UncommittedChanges.Commit,
                new CheckoutSession.Author(
                        settings.author().name(), settings.author().email()));
    }

    /** The checkout's directory in the sandbox. */
    public String directory(SessionPublishSpec spec) {
        return Optional.ofNullable(spec.source().directory())
                .orElse(settings.workspace().directory());
    }
}
