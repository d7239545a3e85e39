package dev.sessionpublish.project;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionProjectSpec;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.RetryClass;
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
 * alone: publishes see for themselves what has changed at the forge, and then ask for a {@link SecondLooks second look}.
 */
@ControllerConfiguration(name = "sessionproject")
public final class SessionProjectReconciler implements Reconciler<SessionProject> {
    /** In place of the version of a Secret that the operator may not see. */
    private static final String UNREADABLE = "unreadable";

    private final KubernetesClient client;
    private final ForgeHosts hosts;
    private final RepositoryCheck check;
    private final SecondLooks secondLooks;
    private final ProjectMetrics metrics;
    private final Clock clock;
    private final Duration firstRetry;
    private final Duration lastRetry;
    private final SecretWatches secrets;

    public SessionProjectReconciler(
            KubernetesClient client,
            ForgeHosts hosts,
            RepositoryCheck check,
            SecondLooks secondLooks,
            ProjectMetrics metrics,
            Clock clock,
            Duration firstRetry,
            Duration lastRetry) {
        this.client = client;
        this.hosts = hosts;
        this.check = check;
        this.secondLooks = secondLooks;
        this.metrics = metrics;
        this.clock = clock;
        this.firstRetry = firstRetry;
        this.lastRetry = lastRetry;
        this.secrets = new SecretWatches(client, gone -> metrics.forget(ProjectTags.of(gone)));
    }

    @Override
    public List<EventSource<?, SessionProject>> prepareEventSources(EventSourceContext<SessionProject> context) {
        return List.of(secrets, secondLooks);
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
        if (!secondLooks.take(project) && status.isUpToDate(version)) {
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
        if (failure.reason().retryClass() != RetryClass.BACKOFF && failure.reason() != Reason.BASE_MISSING) {
            return Optional.empty();
        }
        long millis = firstRetry.toMillis();
        for (int n = 0; n < failures && millis < lastRetry.toMillis(); n++) {
            millis *= 2;
        }
        Duration delay = Duration.ofMillis(Math.min(millis, lastRetry.toMillis()));
        Duration asked = failure.retryAfter().orElse(Duration.ZERO);
        return Optional.of(delay.compareTo(asked) < 0 ? asked : delay);
    }

    private static Optional<String> secretName(SessionProject project) {
        return Optional.ofNullable(project.getSpec().credentialsSecret()).map(SessionProjectSpec.SecretRef::name);
    }
}
