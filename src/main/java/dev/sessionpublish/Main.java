package dev.sessionpublish;

import dev.sessionpublish.config.OperatorConfig;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.forge.ForgeKind;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.forge.gitea.GiteaForge;
import dev.sessionpublish.forge.github.GitHubForge;
import dev.sessionpublish.git.MemoryBudget;
import dev.sessionpublish.lifecycle.Backoff;
import dev.sessionpublish.lifecycle.ControllerParts;
import dev.sessionpublish.lifecycle.LifecycleEvents;
import dev.sessionpublish.lifecycle.TaskThreads;
import dev.sessionpublish.process.OperatorParts;
import dev.sessionpublish.process.OperatorProgram;
import dev.sessionpublish.project.ProjectHold;
import dev.sessionpublish.project.ProjectMetrics;
import dev.sessionpublish.project.ProjectRechecks;
import dev.sessionpublish.project.RepositoryCheck;
import dev.sessionpublish.project.SessionProjectReconciler;
import dev.sessionpublish.publish.PublishSettings;
import dev.sessionpublish.publish.PublishWiringBuilder;
import dev.sessionpublish.publish.follow.Cadence;
import dev.sessionpublish.publish.push.DefaultBranch;
import dev.sessionpublish.sandbox.ExecLimits;
import dev.sessionpublish.telemetry.ForgeRequests;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Starts the operator. The only place where the parts are wired. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        OperatorProgram.run(arguments, System.getenv(), Main::register);
    }

    /** Wires the parts, and registers each resource kind. */
    static void register(OperatorParts parts, Consumer<Reconciler<?>> kinds) {
        ControllerParts controller = controller(parts);
        Forges forges = forges(parts);
        ProjectMetrics projectMetrics = new ProjectMetrics(parts.metrics());
        MemoryBudget memory = MemoryBudget.ofHeap(parts.config().parallelPublishes());
        RepositoryCheck check = new RepositoryCheck(forges, projectMetrics, memory);
        ProjectRechecks rechecks = new ProjectRechecks();
        ProjectHold hold = new ProjectHold(parts.client());
        // Half as many, so that a namespace whose publishes and projects all stall leaves threads to the others.
        int projectsPerNamespace = Math.max(1, parts.config().parallelPublishesPerNamespace() / 2);
        kinds.accept(new SessionProjectReconciler(
                controller, forges, check, rechecks, hold, projectMetrics, projectsPerNamespace));
        kinds.accept(PublishWiringBuilder.builder()
                .controller(controller)
                .forges(forges)
                .defaultBranch(new DefaultBranch(check, rechecks))
                .settings(settings(parts.config()))
                .registry(parts.metrics())
                .hold(hold)
                .projectMetrics(projectMetrics)
                .rechecks(rechecks)
                .traces(parts.traces())
                .memory(memory)
                .threads(new TaskThreads(parts.config().parallelPublishes(), parts.traces()::carried))
                .build()
                .reconciler());
    }

    private static ControllerParts controller(OperatorParts parts) {
        OperatorConfig.Retry retry = parts.config().retry();
        return new ControllerParts(
                parts.client(),
                new LifecycleEvents(parts.client(), parts.replica(), parts.clock()),
                new Backoff(retry.initial(), retry.max(), RandomGenerator.getDefault()),
                parts.clock(),
                parts.shutdown());
    }

    private static Forges forges(OperatorParts parts) {
        OperatorConfig config = parts.config();
        return new Forges(
                config.forges().map(ForgeHosts::read).orElse(ForgeHosts.DEFAULT),
                Map.of(
                        ForgeKind.GITHUB, GitHubForge.connector(parts.clock()),
                        ForgeKind.GITEA, GiteaForge.connector(),
                        ForgeKind.FORGEJO, GiteaForge.connector()),
                new Forges.Connection(
                        config.timeouts().forge(), config.proxy(), new ForgeRequests(parts.metrics(), parts.traces())),
                parts.clock());
    }

    private static PublishSettings settings(OperatorConfig config) {
        OperatorConfig.Workspace workspace = config.workspace();
        return new PublishSettings(
                config.publishingEnabled(),
                new PublishSettings.Workspace(workspace.root(), workspace.directory(), workspace.podSelectorText()),
                new ExecLimits(
                        config.timeouts().checkout(),
                        config.timeouts().sandbox(),
                        config.timeouts().exec()),
                config.parallelPublishesPerNamespace(),
                config.maxPack().bytes(),
                config.progressInterval(),
                new PublishSettings.Author(
                        config.commitAuthor().name(), config.commitAuthor().email()),
                cadence(config.follow()));
    }

    private static Cadence cadence(OperatorConfig.Follow follow) {
        return new Cadence(follow.hot(), follow.warm(), follow.cool(), follow.cold(), follow.noChecksAfter());
    }
}
