package dev.sessionpublish.publish.follow;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.ForgeHost;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.forge.PullRequestRef;
import dev.sessionpublish.forge.PullRequestSnapshot;
import dev.sessionpublish.forge.Snapshots;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.http.Credential;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.Credentials;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.project.ProjectReason;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the pull requests that are due, in batches for each credential. A credential is that of a namespace: it never asks
 * about what another namespace follows. Batches are full ones as long as nothing in the last one is urgent.
 */
final class PullRequestPoller {
    private static final Logger LOG = LoggerFactory.getLogger(PullRequestPoller.class);

    private final KubernetesClient client;
    private final Forges forges;
    private final FollowedPullRequests followed;
    private final FollowBudget budget;
    private final FollowMetrics metrics;
    private final ForgeLanes lanes;
    private final Clock clock;
    private final Consumer<ResourceID> wake;
    /** Credentials whose last batches have not ended. */
    private final Set<Reader> busy = Collections.synchronizedSet(new HashSet<>());

    PullRequestPoller(
            KubernetesClient client,
            Forges forges,
            FollowedPullRequests followed,
            FollowMetrics metrics,
            ForgeLanes lanes,
            Clock clock,
            Consumer<ResourceID> wake) {
        this.client = client;
        this.forges = forges;
        this.followed = followed;
        this.metrics = metrics;
        this.budget = metrics.budget();
        this.lanes = lanes;
        this.clock = clock;
        this.wake = wake;
    }

    /** What a batch is read with. */
    private record Reader(String namespace, ForgeHost host, Credential credential) {}

    private record Due(FollowedPullRequest pull, RepositoryUrl repository) {}

    private record Batch(Reader reader, List<Due> pulls) {}

    /**
     * Reads what is due now.
     *
     * @param tolerance how much earlier than due a pull request may be read
     * @return completed when all of it has been read, or has failed
     */
    CompletableFuture<Void> tick(Duration tolerance) {
        Map<ResourceID, List<FollowedPullRequest>> byProject = new LinkedHashMap<>();
        followed.due(tolerance).forEach(each -> byProject
                .computeIfAbsent(new ResourceID(each.project, each.namespace()), any -> new ArrayList<>())
                .add(each));
        Map<Reader, List<Due>> byReader = new LinkedHashMap<>();
        byProject.forEach((project, pulls) -> assign(project, pulls, byReader));
        Map<Reader, List<CompletableFuture<Void>>> reads = new LinkedHashMap<>();
        for (List<Batch> round : inTurn(byReader)) {
            for (Batch batch : round) {
                busy.add(batch.reader);
                reads.computeIfAbsent(batch.reader, any -> new ArrayList<>())
                        .add(lanes.run(batch.reader.host, () -> read(batch)));
            }
        }
        List<CompletableFuture<Void>> ended = new ArrayList<>();
        reads.forEach((reader, all) -> ended.add(allOf(all).whenComplete((none, failure) -> busy.remove(reader))));
        return allOf(ended);
    }

    private static CompletableFuture<Void> allOf(List<CompletableFuture<Void>> all) {
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    private void assign(ResourceID name, List<FollowedPullRequest> pulls, Map<Reader, List<Due>> byReader) {
        try {
            Project project = project(name);
            Credential credential = Credentials.read(client, forges, project).requirePullRequest();
            Reader reader = new Reader(project.namespace(), project.host(), credential);
            for (FollowedPullRequest each : pulls) {
                try {
                    project.requireRepository(Optional.of(each.repository));
                    byReader.computeIfAbsent(reader, any -> new ArrayList<>()).add(new Due(each, project.repository()));
                } catch (RefusedException e) {
                    refused(each, e);
                }
            }
        } catch (RefusedException e) {
            pulls.forEach(each -> refused(each, e));
        } catch (KubernetesClientException e) {
            LOG.info("The pull requests of {} are due again, because the API server fails: {}", name, e.getMessage());
        }
    }

    private Project project(ResourceID name) throws RefusedException {
        SessionProject stored = client.resources(SessionProject.class)
                .inNamespace(name.getNamespace().orElse(""))
                .withName(name.getName())
                .get();
        if (stored == null || stored.isMarkedForDeletion()) {
            throw new RefusedException(
                    ProjectReason.PROJECT_NOT_FOUND,
                    "The pull request is not followed, because the SessionProject " + name.getName()
                            + " does not exist. Create it again to have it followed.");
        }
        return Project.of(stored, forges.hosts());
    }

    /** The first batch of each credential, then the second of each. */
    private List<List<Batch>> inTurn(Map<Reader, List<Due>> byReader) {
        List<List<Batch>> rounds = new ArrayList<>();
        byReader.forEach((reader, due) -> {
            if (!budget.allows(reader.host, reader.credential, clock.instant())) {
                metrics.polled(FollowMetrics.Outcome.OVER_BUDGET);
                return;
            }
            if (busy.contains(reader)) {
                return;
            }
            List<Batch> batches = batches(reader, due);
            for (int i = 0; i < batches.size(); i++) {
                if (rounds.size() == i) {
                    rounds.add(new ArrayList<>());
                }
                rounds.get(i).add(batches.get(i));
            }
        });
        return rounds;
    }

    private List<Batch> batches(Reader reader, List<Due> due) {
        List<Due> sorted = due.stream()
                .sorted(Comparator.comparing((Due each) -> followed.pace(each.pull))
                        .thenComparing(each -> each.pull.due))
                .toList();
        List<Batch> batches = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += Forge.MOST_SNAPSHOTS) {
            List<Due> part = sorted.subList(from, Math.min(sorted.size(), from + Forge.MOST_SNAPSHOTS));
            if (part.size() == Forge.MOST_SNAPSHOTS || part.stream().anyMatch(each -> followed.isUrgent(each.pull))) {
                batches.add(new Batch(reader, part));
            }
        }
        return batches;
    }

    private void read(Batch batch) {
        Reader reader = batch.reader;
        if (!budget.allows(reader.host, reader.credential, clock.instant())) {
            metrics.polled(FollowMetrics.Outcome.OVER_BUDGET);
            return;
        }
        Map<PullRequestRef, List<FollowedPullRequest>> refs = new LinkedHashMap<>();
        batch.pulls.forEach(each ->
                refs.computeIfAbsent(ref(each), any -> new ArrayList<>()).add(each.pull));
        try {
            Forge forge = forges.open(reader.host, batch.pulls.get(0).repository, reader.credential);
            Snapshots read = forge.snapshots(List.copyOf(refs.keySet()));
            budget.record(reader.host, reader.credential, read, clock.instant());
            read.found().forEach((ref, snapshot) -> refs.get(ref).forEach(each -> seen(each, snapshot)));
            read.refused().forEach((ref, why) -> refs.get(ref).forEach(each -> refused(each, why)));
            metrics.polled(FollowMetrics.Outcome.OK);
        } catch (RefusedException e) {
            metrics.polled(FollowMetrics.Outcome.FAILED);
            LOG.debug("Pull requests of namespace {} can't be read: {}", reader.namespace, e.getMessage());
            batch.pulls.forEach(each -> refused(each.pull, e));
        } catch (RuntimeException e) {
            metrics.polled(FollowMetrics.Outcome.FAILED);
            LOG.warn("Pull requests of namespace {} could not be read; they are read again", reader.namespace, e);
        }
    }

    private PullRequestRef ref(Due due) {
        return due.pull.ref(due.repository, followed.pace(due.pull) == Cadence.Pace.HOT);
    }

    private void seen(FollowedPullRequest pull, PullRequestSnapshot snapshot) {
        if (followed.seen(pull, snapshot)) {
            wake.accept(pull.id);
        }
    }

    private void refused(FollowedPullRequest pull, RefusedException why) {
        if (followed.refused(pull, why)) {
            wake.accept(pull.id);
        }
    }
}
