package dev.sessionpublish.project;

import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.ForgeKind;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.git.BranchName;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.util.Optional;
import java.util.Set;

/**
 * Asks a forge what a project's credential can do with its repository: by the API where there is a token for it, else by
 * git. With a token of its own for pushing, or where the API doesn't say that it may push, git is asked for that.
 */
public final class RepositoryCheck {
    private static final Set<Reason> CAN_NOT_PUSH = Set.of(
            SharedReason.AUTH,
            SharedReason.FORBIDDEN,
            SharedReason.SSO_REQUIRED,
            SharedReason.NOT_FOUND,
            ProjectReason.MISSING_CREDENTIALS);

    private final Forges forges;
    private final ProjectMetrics metrics;

    public RepositoryCheck(Forges forges, ProjectMetrics metrics) {
        this.forges = forges;
        this.metrics = metrics;
    }

    /**
     * What is known of a repository.
     *
     * @param repository its page
     * @param push whether the credential may push; empty where that couldn't be found out
     * @param pullRequests false when there is no token for them; else empty, because nobody tells beforehand
     * @param problem why nothing can be pushed although the repository is there
     */
    record Findings(
            String repository,
            Optional<String> defaultBranch,
            Optional<Forge.Repository> api,
            Optional<Boolean> push,
            Optional<Boolean> pullRequests,
            Optional<RefusedException> problem) {}

    /** @throws RefusedException when the repository can't be read, or has no default branch and the project names none */
    Findings look(Project project, Credentials credentials) throws RefusedException {
        Optional<Forge.Repository> api = credentials.pullRequest().isPresent()
                ? Optional.of(ask(project, credentials.requirePullRequest()))
                : Optional.empty();
        Optional<String> branch =
                project.asksForDefaultBranch() ? defaultBranch(project, credentials, api) : project.defaultBranch();
        boolean archived = api.filter(Forge.Repository::archived).isPresent();
        Optional<RefusedException> problem =
                project.pushEnabled() && !archived ? whyNotPush(project, credentials, api) : Optional.empty();
        Optional<Boolean> push = problem.isEmpty() && project.pushEnabled() && !archived
                ? Optional.of(true)
                : problem.filter(why -> CAN_NOT_PUSH.contains(why.reason())).map(why -> false);
        return new Findings(
                api.map(found -> "https://" + project.repository().authority() + "/" + found.canonical())
                        .orElse(project.repository().web()),
                branch,
                api,
                push,
                api.isPresent() ? Optional.empty() : Optional.of(false),
                problem);
    }

    /** @throws RefusedException when the forge can't be asked, or names no branch that a publish could have */
    public String defaultBranch(Project project, Credentials credentials) throws RefusedException {
        Optional<Forge.Repository> api = credentials.pullRequest().isPresent()
                ? Optional.of(ask(project, credentials.requirePullRequest()))
                : Optional.empty();
        return defaultBranch(project, credentials, api).orElseThrow();
    }

    private Optional<String> defaultBranch(Project project, Credentials credentials, Optional<Forge.Repository> api)
            throws RefusedException {
        Optional<String> told = api.isPresent()
                ? api.map(Forge.Repository::defaultBranch)
                : forges.uploadPack(project.host()).defaultBranch(project.repository(), credentials.requirePush());
        if (told.isEmpty()) {
            throw new RefusedException(
                    SharedReason.BASE_MISSING,
                    "The repository has no default branch yet: push a first commit, or set spec.defaultBranch.");
        }
        Optional<String> problem = BranchName.problem(told.get());
        if (problem.isPresent()) {
            throw new RefusedException(
                    SharedReason.INVALID_BRANCH,
                    "The repository's default branch has a name that can't be used: " + problem.get()
                            + " Set spec.defaultBranch to another.");
        }
        return told;
    }

    private Forge.Repository ask(Project project, Token token) throws RefusedException {
        Forge forge = forges.open(project.host(), project.repository(), token);
        try {
            return forge.repository();
        } finally {
            metrics.rateLimit(ProjectTags.of(project), forge.rateLimit());
        }
    }

    private Optional<RefusedException> whyNotPush(
            Project project, Credentials credentials, Optional<Forge.Repository> api) {
        try {
            Token token = credentials.requirePush();
            Optional<Forge.Repository> ofToken =
                    api.filter(found -> credentials.pullRequest().equals(Optional.of(token)));
            if (ofToken.filter(Forge.Repository::canPush).isPresent()) {
                return Optional.empty();
            }
            // To git these show branches to those who may only read, too.
            if (ofToken.isPresent() && project.host().kind() != ForgeKind.GITHUB) {
                throw new RefusedException(
                        SharedReason.FORBIDDEN,
                        "The token may read " + project.repository()
                                + " but not push to it: give its owner write access.");
            }
            forges.receivePack(project.host()).advertise(project.repository(), token);
            return Optional.empty();
        } catch (RefusedException e) {
            return Optional.of(e);
        }
    }
}
