package dev.sessionpublish.project;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionProjectSpec;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.lifecycle.Backoff;
import dev.sessionpublish.lifecycle.ControllerParts;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.RetryClass;
import dev.sessionpublish.outcome.SharedReason;
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

/**
 * Finds out whether a project's credential works and what its repository's default branch is, once for each change of
 * the project or its Secret, and again with growing delays while it can't be found out. A project in order is left
 * alone: publishes see for themselves what has changed at the forge, and then ask for a {@link ProjectRechecks second look}.
 */
@ControllerConfiguration(name = "sessionproject")
public final class SessionProjectReconciler implements Reconciler<SessionProject> {
    /** In place of the version of a Secret that the operator may not see. */
    private static final String UNREADABLE = "unreadable";

    private final KubernetesClient client;
    private final ForgeHosts hosts;
    private final RepositoryCheck check;
    private final ProjectRechecks rechecks;
    private final ProjectMetrics metrics;
    private final Clock clock;
    private final Backoff backoff;
    private final SecretWatches secrets;

    public SessionProjectReconciler(
            ControllerParts parts,
            ForgeHosts hosts,
            RepositoryCheck check,
            ProjectRechecks rechecks,
            ProjectMetrics metrics) {
        this.client = parts.client();
        this.clock = parts.clock();
        this.backoff = parts.backoff();
        this.hosts = hosts;
        this.check = check;
        this.rechecks = rechecks;
        this.metrics = metrics;
        this.secrets = new SecretWatches(client, gone -> metrics.forget(ProjectTags.of(gone)));
    }

    @Override
    public List<EventSource<?, SessionProject>> prepareEventSources(EventSourceContext<SessionProject> context) {
        return List.of(secrets, rechecks);
    }

    @Override
    public UpdateControl<SessionProject> reconcile(SessionProject project, Context<SessionProject> context) {
        ProjectStatus status = new ProjectStatus(project, clock);
        Optional<RefusedException> unreadable = follow(project);
        String version = unreadable.isPresent()
                ? UNREADABLE
                : secretName(project)
                        .flatMap(name -> secrets.version(project, name))
                        .orElse("none");
        if (!rechecks.take(project) && status.isUpToDate(version)) {
            return status.nextCheck()
                    .map(next -> UpdateControl.<SessionProject>noUpdate()
                            .rescheduleAfter(
                                    Duration.between(clock.instant(), next).plusMillis(100)))
                    .orElseGet(UpdateControl::noUpdate);
        }
        Optional<Duration> again = Optional.empty();
        try {
            if (unreadable.isPresent()) {
                throw unreadable.get();
            }
            Project checked = Project.of(project, hosts);
            RepositoryCheck.Findings found = check.look(checked, Credentials.read(client, checked));
            again = found.problem().flatMap(problem -> retry(problem, status.failures()));
            status.found(version, found, again.map(delay -> clock.instant().plus(delay)));
        } catch (RefusedException e) {
            again = retry(e, status.failures());
            status.notReady(version, e, again.map(delay -> clock.instant().plus(delay)));
        }
        try {
            status.write(client);
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return UpdateControl.noUpdate();
            }
            throw e;
        }
        return again.map(delay -> UpdateControl.<SessionProject>noUpdate().rescheduleAfter(delay.plusMillis(100)))
                .orElseGet(UpdateControl::noUpdate);
    }

    private Optional<RefusedException> follow(SessionProject project) {
        try {
            secrets.follow(project, secretName(project));
            return Optional.empty();
        } catch (RefusedException e) {
            return Optional.of(e);
        }
    }

    private Optional<Duration> retry(RefusedException failure, int failures) {
        if (failure.reason().retryClass() != RetryClass.BACKOFF && failure.reason() != SharedReason.BASE_MISSING) {
            return Optional.empty();
        }
        return backoff.delay(RetryClass.BACKOFF, failures + 1, failure.retryAfter());
    }

    private static Optional<String> secretName(SessionProject project) {
        return Optional.ofNullable(project.getSpec().credentialsSecret()).map(SessionProjectSpec.SecretRef::name);
    }
}
