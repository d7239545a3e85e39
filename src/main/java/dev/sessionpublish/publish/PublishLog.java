package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.api.v1alpha1.Source;
import dev.sessionpublish.api.v1alpha1.Workspace;
import dev.sessionpublish.outcome.SafeText;
import dev.sessionpublish.sandbox.SandboxContainer;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What the log reports about a publish besides its lifecycle events: its start, its checkout, its wait, its end. What is
 * new is logged at INFO; the same again at DEBUG. A failure is logged at WARN by its lifecycle event, and only there.
 */
final class PublishLog {
    private static final Logger LOG = LoggerFactory.getLogger(PublishLog.class);

    private static final int LONGEST_MESSAGE = 1_024;

    private PublishLog() {}

    static void began(Run run) {
        if (run.over()) {
            return;
        }
        boolean isNew = run.resumed() || run.startsAnew() || run.trigger() == Trigger.SPEC_AFTER_PUSH;
        LOG.atLevel(isNew ? Level.INFO : Level.DEBUG)
                .addKeyValue("attempt", run.attempt())
                .log(
                        "{}: from {} to project {}",
                        beginning(run),
                        source(run.spec().source()),
                        run.spec().projectName());
    }

    private static String beginning(Run run) {
        if (run.resumed()) {
            return "Resumes an interrupted push";
        }
        return run.trigger().isAfterPush() ? "Starts with the pull request; the branch is already pushed" : "Starts";
    }

    private static String source(Source source) {
        if (source.podName() != null) {
            return "pod " + source.podName();
        }
        return source.sandboxName() != null ? "sandbox " + source.sandboxName() : "session " + source.sessionName();
    }

    /** The counts are about the run's base. */
    static void checkout(Run run, SandboxContainer container, Workspace workspace) {
        SessionPublishStatus stored = run.publish().getStatus();
        boolean known = stored != null && workspace.equals(stored.workspace());
        LOG.atLevel(known ? Level.DEBUG : Level.INFO)
                .log(
                        "The checkout in container {} of pod {} is on {} at {}; commits ahead of {}: {}, behind: {};"
                                + " uncommitted files: {}",
                        container.container(),
                        container.podName(),
                        workspace.branch() == null ? "no branch" : workspace.branch(),
                        workspace.head(),
                        run.base().orElse("no base"),
                        count(workspace.ahead()),
                        count(workspace.behind()),
                        count(workspace.uncommittedFiles()));
    }

    private static String count(@Nullable Long number) {
        return number == null ? "unknown" : number.toString();
    }

    /** What the status says after a run. */
    static void ended(@Nullable SessionPublishStatus before, SessionPublishStatus now) {
        if (isNewEnd(before, now)) {
            line(Level.INFO, now).log("Ended as {}{}: {}", now.phase(), after(now), message(now));
        } else if (now.nextAttemptAt() != null) {
            Level level = isSame(before, now) ? Level.DEBUG : Level.INFO;
            line(level, now).log("Waits until {}: {}", now.nextAttemptAt(), message(now));
        } else if (now.phase() == Phase.Suspended && !isSame(before, now)) {
            line(Level.INFO, now).log("{}", message(now));
        }
    }

    /** Whether the publish has ended since {@code before}. */
    static boolean isNewEnd(@Nullable SessionPublishStatus before, @Nullable SessionPublishStatus now) {
        if (now == null || now.finishedAt() == null || now.phase() == null) {
            return false;
        }
        return before == null || !now.finishedAt().equals(before.finishedAt()) || now.phase() != before.phase();
    }

    private static String message(SessionPublishStatus status) {
        return SafeText.line(Objects.requireNonNullElse(status.message(), ""), LONGEST_MESSAGE);
    }

    private static LoggingEventBuilder line(Level level, SessionPublishStatus now) {
        LoggingEventBuilder line = LOG.atLevel(level).addKeyValue("phase", now.phase());
        if (now.reason() != null) {
            line = line.addKeyValue("reason", now.reason());
        }
        return now.attempts() == null ? line : line.addKeyValue("attempts", now.attempts());
    }

    private static boolean isSame(@Nullable SessionPublishStatus before, SessionPublishStatus now) {
        return before != null
                && before.phase() == now.phase()
                && Objects.equals(before.reason(), now.reason())
                && Objects.equals(before.message(), now.message());
    }

    private static String after(SessionPublishStatus ended) {
        if (ended.startedAt() == null || ended.finishedAt() == null) {
            return "";
        }
        Duration took = Duration.between(Instant.parse(ended.startedAt()), Instant.parse(ended.finishedAt()));
        return " after " + took.toSeconds() + " s";
    }
}
