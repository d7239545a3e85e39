package dev.sessionpublish.project;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionProjectSpec;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.git.UploadPack;
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
 * alone: publishes see for themselves what has changed at the forge.
 */
@ControllerConfiguration(name = "sessionproject")
public final class SessionProjectReconciler implements Reconciler<SessionProject> {
    /** In place of the version of a Secret that the operator may not see. */
    private static final String UNREADABLE = "unreadable";

    private final KubernetesClient client;
    private final ForgeHosts hosts;
    private final Forges forges;
    private final Clock clock;
    private final Duration firstRetry;
    private final Duration lastRetry;
    private final SecretWatches secrets;

    public SessionProjectReconciler(
            KubernetesClient client,
            ForgeHosts hosts,
            Forges forges,
            Clock clock,
            Duration firstRetry,
            Duration lastRetry) {
        this.client = client;
        this.hosts = hosts;
        this.forges = forges;
        this.clock = clock;
        this.firstRetry = firstRetry;
        this.lastRetry = lastRetry;
        this.secrets = new SecretWatches(client);
    }

    @Override
    public List<EventSource<?, SessionProject>> prepareEventSources(EventSourceContext<SessionProject> context) {
        return List.of(secrets);
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
        if (status.isUpToDate(version)) {
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
            status.ready(version, findOut(Project.of(project, hosts)));
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

    /** What is known of a repository. */
    record Findings(String repository, Optional<String> defaultBranch, Optional<Forge.Repository> api) {}

    private Findings findOut(Project project) throws RefusedException {
        Credentials credentials = Credentials.read(client, project);
        if (credentials.pullRequest().isPresent()) {
            Forge.Repository found = forges.open(
                            project.host(),
                            project.repository(),
                            credentials.pullRequest().get())
                    .repository();
            return new Findings(
                    "https://" + project.repository().authority() + "/" + found.canonical(),
                    project.defaultBranch().or(() -> Optional.of(found.defaultBranch())),
                    Optional.of(found));
        }
        Optional<String> head = new UploadPack(forges.client(project.host()))
                .defaultBranch(project.repository(), credentials.requirePush());
        if (head.isEmpty() && project.defaultBranch().isEmpty()) {
            throw new RefusedException(
                    Reason.BASE_MISSING,
                    "The repository has no default branch yet: push a first commit, or set spec.defaultBranch.");
        }
        return new Findings(project.repository().web(), project.defaultBranch().or(() -> head), Optional.empty());
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
