package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Workspace;
import dev.sessionpublish.outcome.SafeText;
import dev.sessionpublish.sandbox.SandboxContainer;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What the log tells of a publish besides its lifecycle events, which {@link Journal} tells: its start, what its checkout
 * is, what it waits for, its end. Each is told when it is new; a repetition with the same result is told at DEBUG.
 */
final class PublishLog {
    private static final Logger LOG = LoggerFactory.getLogger(PublishLog.class);

    private static final int LONGEST_MESSAGE = 1_024;

    private PublishLog() {}

    /** @param resumed whether the attempt had begun before, in a process that did not see its end */
    static void began(SessionPublish publish, Trigger trigger, int attempt, boolean resumed) {
        boolean told = resumed || trigger == Trigger.ANEW || trigger == Trigger.SPEC_AFTER_PUSH;
        LOG.atLevel(told ? Level.INFO : Level.DEBUG)
                .addKeyValue("attempt", attempt)
                .log(
                        "{}: from {} to project {}",
                        beginning(trigger, resumed),
                        source(publish),
                        PublishRun.projectName(publish));
    }

    private static String beginning(Trigger trigger, boolean resumed) {
        if (resumed) {
            return "Goes on with what was begun before";
        }
        return trigger.isAfterPush() ? "Starts with the pull request, the branch is pushed" : "Starts";
    }

    private static String source(SessionPublish publish) {
        var source = publish.getSpec().source();
        if (source.podName() != null) {
            return "pod " + source.podName();
        }
        return source.sandboxName() != null ? "sandbox " + source.sandboxName() : "session " + source.sessionName();
    }

    /** @param base that the counts are about */
    static void saw(SessionPublish publish, SandboxContainer where, Optional<Workspace> seen, Optional<String> base) {
        if (seen.isEmpty()) {
            return;
        }
        Workspace workspace = seen.get();
        SessionPublishStatus stored = publish.getStatus();
        boolean known = stored != null && workspace.equals(stored.workspace());
        LOG.atLevel(known ? Level.DEBUG : Level.INFO)
                .log(
                        "The checkout in container {} of pod {} is on {} at {}; commits ahead of {}: {}, behind: {};"
                                + " uncommitted files: {}",
                        where.container(),
                        where.podName(),
                        workspace.branch() == null ? "no branch" : workspace.branch(),
                        workspace.head(),
                        base.orElse("no base"),
                        count(workspace.ahead()),
                        count(workspace.behind()),
                        count(workspace.uncommittedFiles()));
    }

    private static String count(@Nullable Long number) {
        return number == null ? "unknown" : number.toString();
    }

    /** How a run left the publish. */
    static void left(@Nullable SessionPublishStatus before, SessionPublishStatus now) {
        if (Ends.isNew(before, now)) {
            Level level = now.phase() == Phase.Failed ? Level.WARN : Level.INFO;
            line(level, now).log("Ended as {}{}: {}", now.phase(), after(now), message(now));
        } else if (now.nextAttemptAt() != null) {
            Level level = isSame(before, now) ? Level.DEBUG : Level.INFO;
            line(level, now).log("Waits until {}: {}", now.nextAttemptAt(), message(now));
        } else if (now.phase() == Phase.Suspended && !isSame(before, now)) {
            line(Level.INFO, now).log("{}", message(now));
        }
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
