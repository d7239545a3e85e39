package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.git.Advertisement;
import dev.sessionpublish.git.MemoryBudget;
import dev.sessionpublish.git.ObjectId;
import dev.sessionpublish.git.RefUpdate;
import dev.sessionpublish.lifecycle.RunTask;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.RetryClass;
import dev.sessionpublish.project.ProjectMetrics;
import dev.sessionpublish.project.ProjectTags;
import dev.sessionpublish.publish.plan.PullRequestText;
import dev.sessionpublish.publish.plan.PushPlan;
import dev.sessionpublish.publish.push.Landing;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the plan of a push, and answers what it asks of the forge's API and of other publishes of the namespace. A
 * credential that may not read pull requests is as good as none; a failure that may pass by itself ends the run where the
 * answer decides what is pushed.
 */
final class PlanQuestions {
    private static final Logger LOG = LoggerFactory.getLogger(PlanQuestions.class);

    private final KubernetesClient client;
    private final Forges forges;
    private final MemoryBudget memory;
    private final ProjectMetrics metrics;

    PlanQuestions(KubernetesClient client, Forges forges, MemoryBudget memory, ProjectMetrics metrics) {
        this.metrics = metrics;
        this.client = client;
        this.forges = forges;
        this.memory = memory;
    }

    /**
     * @param answers that the plan needed
     * @param pullRequests of the branch, when the plan is made as if there were none and they are still being listed
     */
    record Answered(PushPlan plan, PushPlan.Answers answers, Optional<RunTask<PushPlan.PullRequests>> pullRequests) {}

    /**
     * @param ahead whether a first push may be planned before the pull requests of its branch are listed
     * @throws RefusedException when the forge fails to answer for now
     */
    Answered plan(Run run, boolean ahead) throws RefusedException {
        PushPlan.Facts facts = PushFacts.of(run);
        PushPlan plan = PushPlan.of(facts);
        while (plan instanceof PushPlan.Ask ask) {
            if (ahead
                    && ask.question() == PushPlan.Question.PULL_REQUESTS
                    && facts.earlier().commit().isEmpty()) {
                return planAhead(run, facts, ask.branch());
            }
            facts = facts.with(answered(run, facts, ask));
            plan = PushPlan.of(facts);
        }
        return new Answered(plan, facts.answers(), Optional.empty());
    }

    private Answered planAhead(Run run, PushPlan.Facts facts, String branch) throws RefusedException {
        RunTask<PushPlan.PullRequests> listed = run.asks().start(() -> pullRequests(run, facts, branch));
        PushPlan plan = PushPlan.of(with(facts, new PushPlan.PullRequests(true, List.of())));
        return plan instanceof PushPlan.Push
                ? new Answered(plan, facts.answers(), Optional.of(listed))
                : answered(with(facts, listed.await()));
    }

    /** The plan with the pull requests that were still being listed when it was made. */
    Answered confirmed(Run planned) throws RefusedException {
        PushPlan.Facts facts = PushFacts.of(planned);
        Optional<RunTask<PushPlan.PullRequests>> listed = planned.underway().pullRequests();
        return answered(listed.isEmpty() ? facts : with(facts, listed.get().await()));
    }

    private static PushPlan.Facts with(PushPlan.Facts facts, PushPlan.PullRequests listed) {
        PushPlan.Answers known = facts.answers();
        return facts.with(new PushPlan.Answers(known.inBase(), known.ownBranch(), Optional.of(listed)));
    }

    private static Answered answered(PushPlan.Facts facts) {
        return new Answered(PushPlan.of(facts), facts.answers(), Optional.empty());
    }

    private PushPlan.Answers answered(Run run, PushPlan.Facts facts, PushPlan.Ask ask) throws RefusedException {
        PushPlan.Answers known = facts.answers();
        return switch (ask.question()) {
            case IN_BASE ->
                new PushPlan.Answers(
                        Optional.of(isInBase(run, facts, ask.branch())), known.ownBranch(), known.pullRequests());
            case OWN_BRANCH -> {
                ObjectId tip = facts.advertised().branch(ask.branch()).orElseThrow();
                boolean own = isPushedFromHere(run, ask.branch(), tip) || hasOwnPullRequest(run, ask.branch());
                yield new PushPlan.Answers(known.inBase(), Optional.of(own), known.pullRequests());
            }
            case PULL_REQUESTS ->
                with(facts, pullRequests(run, facts, ask.branch())).answers();
        };
    }

    private boolean isInBase(Run run, PushPlan.Facts facts, String base) throws RefusedException {
        Optional<ObjectId> tip = facts.advertised().branch(base);
        ObjectId tracked = facts.checkout().tracked().orElseThrow();
        return tip.isPresent()
                && read(run, forge -> forge.contains(tip.get().hex(), tracked.hex()))
                        .orElse(false);
    }

    /** Whether a publish of the same pod has put the branch where it is. */
    private boolean isPushedFromHere(Run run, String branch, ObjectId tip) {
        String uid = run.sandbox().orElseThrow().uid();
        String repository = run.admitted().repository().web();
        return client.resources(SessionPublish.class).inNamespace(run.namespace()).list().getItems().stream()
                .map(SessionPublish::getStatus)
                .filter(Objects::nonNull)
                .anyMatch(status -> isPushed(status, branch, tip)
                        && repository.equals(status.repository())
                        && status.source() != null
                        && uid.equals(status.source().podUid()));
    }

    private static boolean isPushed(SessionPublishStatus status, String branch, ObjectId tip) {
        return branch.equals(status.headBranch())
                && status.push() != null
                && tip.hex().equals(status.push().ownCommit());
    }

    /** Whether the branch has an open pull request that this operator opened for a publish of this name. */
    private boolean hasOwnPullRequest(Run run, String branch) throws RefusedException {
        List<Forge.PullRequest> named = read(run, forge -> forge.pullRequestsOf(branch)).orElse(List.of()).stream()
                .filter(each -> each.state() == Forge.State.OPEN)
                .filter(each -> PullRequestText.isOf(each.description().body(), run.namespace(), run.name()))
                .toList();
        if (named.isEmpty()) {
            return false;
        }
        Optional<String> identity = read(run, Forge::identity).flatMap(login -> login);
        return named.stream()
                .anyMatch(each -> identity.equals(Optional.of(each.description().author())));
    }

    /** The first push of a publish doesn't wait for a forge whose API fails: its pull request will. */
    private PushPlan.PullRequests pullRequests(Run run, PushPlan.Facts facts, String branch) throws RefusedException {
        Optional<List<Forge.PullRequest>> found;
        try {
            found = read(run, forge -> forge.pullRequestsOf(branch));
        } catch (RefusedException e) {
            if (facts.earlier().commit().isPresent()) {
                throw e;
            }
            found = Optional.empty();
        }
        return new PushPlan.PullRequests(found.isPresent(), found.orElse(List.of()));
    }

    /**
     * The pull request of the status, as the forge has it now; empty when there is none, or no credential that may read it.
     *
     * @throws RefusedException when the forge fails to answer for now
     */
    Optional<Forge.PullRequest> recorded(Run run) throws RefusedException {
        Optional<Integer> number = run.status().pullRequestNumber();
        return number.isEmpty()
                ? Optional.empty()
                : read(run, forge -> forge.pullRequest(number.get()))
                        .filter(found -> found.headBranch().equals(run.status().headBranch()));
    }

    private boolean contains(Run run, String descendant, String commit) throws RefusedException {
        return read(run, forge -> forge.contains(descendant, commit)).orElse(false);
    }

    /**
     * Whether a push whose outcome was not recorded has moved its branch. Somebody may have built on it since.
     *
     * @param tip of the branch now
     * @param previousCommit of the branch; null when it was new
     */
    boolean hasLanded(Run run, Optional<ObjectId> tip, String commit, @Nullable String previousCommit)
            throws RefusedException {
        Optional<String> now = tip.map(ObjectId::hex);
        return now.equals(Optional.of(commit))
                || now.isPresent() && !now.get().equals(previousCommit) && contains(run, now.get(), commit);
    }

    /**
     * Looks whether a push that the forge reported as done has moved its branch.
     *
     * @return why it has not; empty when it has, and when the branch can't be read: then the forge's word counts
     */
    Optional<RefusedException> lost(Run run, RefUpdate update) {
        try (MemoryBudget.Share share = memory.open(run.namespace())) {
            Advertisement now = forges.receivePack(run.admitted().host())
                    .advertise(
                            run.admitted().repository(),
                            run.credentials().orElseThrow().requirePush(),
                            share)
                    .advertisement();
            return Landing.lost(update, now, (descendant, commit) -> contains(run, descendant, commit));
        } catch (RefusedException e) {
            LOG.debug("The push could not be confirmed: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private interface Call<T> {
        T of(Forge forge) throws RefusedException;
    }

    /** Empty without a credential that may read. */
    private <T> Optional<T> read(Run run, Call<T> call) throws RefusedException {
        try {
            Forge forge = forges.open(
                    run.admitted().host(),
                    run.admitted().repository(),
                    run.credentials().orElseThrow().requirePullRequest());
            try {
                return Optional.of(call.of(forge));
            } finally {
                metrics.rateLimit(ProjectTags.of(run.admitted()), forge.rateLimit());
            }
        } catch (RefusedException e) {
            if (e.reason().retryClass() == RetryClass.BACKOFF) {
                throw e;
            }
            return Optional.empty();
        }
    }
}
