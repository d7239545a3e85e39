package dev.sessionpublish.project;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionProjectSpec;
import dev.sessionpublish.api.v1alpha1.SessionProjectStatus;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.lifecycle.ControllerParts;
import dev.sessionpublish.lifecycle.NamespaceTurns;
import dev.sessionpublish.lifecycle.Recreations;
import dev.sessionpublish.lifecycle.RetriedErrors;
import dev.sessionpublish.lifecycle.Shutdown;
import dev.sessionpublish.lifecycle.StatusWriter;
import dev.sessionpublish.lifecycle.Stored;
import dev.sessionpublish.lifecycle.StoredTime;
import dev.sessionpublish.outcome.RefusedException;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Checks a project's credential and finds out its repository's default branch: once for each change of the project or its
 * Secret, and again with exponential backoff while the check fails. A ready project is not checked again by itself: a
 * publish that finds a change at the forge requests {@link ProjectRechecks another check}.
 */
@ControllerConfiguration(name = "sessionproject", triggerReconcilerOnAllEvents = true)
public final class SessionProjectReconciler implements Reconciler<SessionProject> {
    private static final Logger LOG = LoggerFactory.getLogger(SessionProjectReconciler.class);
    private static final Duration SOON = Duration.ofSeconds(1);
    /** Added to a delay, so that the next check is due when the object is reconciled. */
    private static final Duration MARGIN = Duration.ofMillis(100);
    /** Between two looks at what holds a project that is being deleted; most changes trigger one earlier. */
    private static final Duration WHILE_HELD = Duration.ofMinutes(1);
    /** In place of the version of a Secret that the operator may not read. */
    private static final String UNREADABLE = "unreadable";

    private final KubernetesClient client;
    private final Forges forges;
    private final RepositoryCheck check;
    private final ProjectRechecks rechecks;
    private final StatusWriter<SessionProject, SessionProjectStatus> writer;
    private final Clock clock;
    private final NextCheck nextCheck;
    private final SecretWatches secrets;
    private final ProjectHold hold;
    private final ProjectDeletion deletion;
    private final NamespaceTurns<SessionProject> turns;
    private final Shutdown shutdown;
    private @Nullable Recreations<SessionProject> recreations;

    /** @param parallelPerNamespace how many projects of one namespace are checked at the same time */
    public SessionProjectReconciler(
            ControllerParts parts,
            Forges forges,
            RepositoryCheck check,
            ProjectRechecks rechecks,
            ProjectHold hold,
            ProjectMetrics metrics,
            int parallelPerNamespace) {
        this.client = parts.client();
        this.clock = parts.clock();
        this.nextCheck = new NextCheck(parts.backoff(), parts.clock());
        this.shutdown = parts.shutdown();
        this.forges = forges;
        this.check = check;
        this.rechecks = rechecks;
        this.hold = hold;
        this.writer = new StatusWriter<>(parts.client(), SessionProject::new, SessionProjectStatus::withoutText);
        this.secrets = new SecretWatches(client, gone -> metrics.forget(ProjectTags.of(gone)));
        this.deletion = new ProjectDeletion(hold, this::hasSecret, writer, clock);
        this.turns = new NamespaceTurns<>(SessionProject.class, parallelPerNamespace);
    }

    @Override
    public List<EventSource<?, SessionProject>> prepareEventSources(EventSourceContext<SessionProject> context) {
        recreations = new Recreations<>(SessionProject.class, context.getPrimaryCache());
        return List.of(secrets, rechecks, hold, turns, recreations);
    }

    @Override
    public UpdateControl<SessionProject> reconcile(SessionProject cached, Context<SessionProject> context) {
        return RetriedErrors.within(() -> reconciled(cached, context));
    }

    private UpdateControl<SessionProject> reconciled(SessionProject cached, Context<SessionProject> context) {
        if (context.isPrimaryResourceDeleted()) {
            turns.giveUp(cached);
            lookForRecreation(cached);
            return UpdateControl.noUpdate();
        }
        SessionProject project;
        try {
            project = deletion.settle(cached);
        } catch (KubernetesClientException e) {
            return changed(e);
        }
        if (!project.isMarkedForDeletion()) {
            return look(project);
        }
        turns.giveUp(project);
        return ProjectHold.FINALIZER.isOn(project) ? requeue(WHILE_HELD) : UpdateControl.noUpdate();
    }

    private UpdateControl<SessionProject> look(SessionProject project) {
        ProjectStatus status = new ProjectStatus(project, clock);
        Optional<RefusedException> unreadable = follow(project);
        String version = unreadable.isPresent() ? UNREADABLE : version(project);
        boolean requested = rechecks.isWanted(project);
        if (!requested && status.isUpToDate(version)) {
            turns.giveUp(project);
            return status.nextCheck()
                    .map(next -> requeue(Duration.between(clock.instant(), next)))
                    .orElseGet(UpdateControl::noUpdate);
        }
        if (!turns.begin(project)) {
            return UpdateControl.noUpdate();
        }
        rechecks.begin(project);
        try {
            return shutdown.run(() -> write(project, requested, check(project, status, version, unreadable)))
                    .orElseGet(UpdateControl::noUpdate);
        } finally {
            turns.end(project);
        }
    }

    private UpdateControl<SessionProject> write(SessionProject project, boolean requested, SessionProjectStatus next) {
        shutdown.requireNotAbandoned();
        try {
            writer.write(Stored.of(project), next);
        } catch (KubernetesClientException e) {
            lookForRecreation(project);
            if (requested) {
                rechecks.keep(project);
            }
            return changed(e);
        }
        logReady(project.getStatus(), next);
        return StoredTime.of(next.nextCheckAt())
                .map(at -> requeue(Duration.between(clock.instant(), at)))
                .orElseGet(UpdateControl::noUpdate);
    }

    /** Something else has deleted the project, or written it since the cache saw it. */
    private static UpdateControl<SessionProject> changed(KubernetesClientException refusal) {
        if (refusal.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
            return UpdateControl.noUpdate();
        }
        if (refusal.getCode() == HttpURLConnection.HTTP_CONFLICT) {
            LOG.debug("The project was changed meanwhile and is reconciled again: {}", refusal.getMessage());
            return requeue(SOON);
        }
        throw refusal;
    }

    private void lookForRecreation(SessionProject gone) {
        if (recreations != null) {
            recreations.lookFor(gone);
        }
    }

    private boolean hasSecret(SessionProject project) {
        return follow(project).isEmpty()
                && secretName(project)
                        .flatMap(name -> secrets.version(project, name))
                        .isPresent();
    }

    private static UpdateControl<SessionProject> requeue(Duration delay) {
        return UpdateControl.<SessionProject>noUpdate().rescheduleAfter(delay.plus(MARGIN));
    }

    private String version(SessionProject project) {
        return secretName(project)
                .flatMap(name -> secrets.version(project, name))
                .orElse("none");
    }

    private SessionProjectStatus check(
            SessionProject project, ProjectStatus status, String version, Optional<RefusedException> unreadable) {
        try {
            if (unreadable.isPresent()) {
                throw unreadable.get();
            }
            Project checked = Project.of(project, forges.hosts());
            RepositoryCheck.Findings found = check.look(checked, Credentials.read(client, forges, checked));
            return status.checked(version, found, nextCheck.after(found, status.failures()));
        } catch (RefusedException e) {
            return status.notReady(version, e, nextCheck.after(e, status.failures()));
        }
    }

    private Optional<RefusedException> follow(SessionProject project) {
        try {
            secrets.follow(project, secretName(project));
            return Optional.empty();
        } catch (RefusedException e) {
            return Optional.of(e);
        }
    }

    /** Logs whether the project is ready, at INFO when that is new. */
    private static void logReady(@Nullable SessionProjectStatus before, SessionProjectStatus now) {
        Optional<Condition> known = ProjectStatus.ready(before);
        ProjectStatus.ready(now).ifPresent(ready -> {
            boolean same = known.filter(each -> each.getStatus().equals(ready.getStatus())
                            && each.getMessage().equals(ready.getMessage()))
                    .isPresent();
            LOG.atLevel(same ? Level.DEBUG : Level.INFO)
                    .addKeyValue("reason", ready.getReason())
                    .log("{}: {}", ready.getStatus().equals("True") ? "Ready" : "Not ready", ready.getMessage());
        });
    }

    private static Optional<String> secretName(SessionProject project) {
        return Optional.ofNullable(project.getSpec().credentialsSecret()).map(SessionProjectSpec.SecretRef::name);
    }
}
