package dev.sessionpublish.project;

import dev.sessionpublish.forge.AppInstallation;
import dev.sessionpublish.forge.AppPermission;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.ForgeKind;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.git.BranchName;
import dev.sessionpublish.git.MemoryBudget;
import dev.sessionpublish.http.Credential;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.util.Optional;
import java.util.Set;

/**
 * Asks a forge what a project's credential may do with the repository. It uses the REST API if there is a token for it,
 * and git otherwise. It also asks git for push permission if the project has a separate push token, or if the API does
 * not report push permission.
 */
public final class RepositoryCheck {
    private static final Set<Reason> CAN_NOT_PUSH = Set.of(
            SharedReason.AUTH,
            SharedReason.FORBIDDEN,
            SharedReason.SSO_REQUIRED,
            SharedReason.NOT_FOUND,
            SharedReason.ARCHIVED,
            SharedReason.READ_ONLY,
            ProjectReason.MISSING_CREDENTIALS);

    private final Forges forges;
    private final ProjectMetrics metrics;
    private final MemoryBudget memory;

    public RepositoryCheck(Forges forges, ProjectMetrics metrics, MemoryBudget memory) {
        this.forges = forges;
        this.metrics = metrics;
        this.memory = memory;
    }

    /**
     * The result of a check.
     *
     * @param repository the web URL of the repository
     * @param push whether the credential may push; empty if unknown
     * @param pullRequests false if there is no token for pull requests or the repository has them disabled; otherwise
     *     empty, because forges do not report this permission
     * @param app the installation of the project's GitHub App
     * @param problem why pushes fail although the repository exists
     */
    record Findings(
            String repository,
            Optional<String> defaultBranch,
            Optional<Forge.Repository> api,
            Optional<Boolean> push,
            Optional<Boolean> pullRequests,
            Optional<AppInstallation> app,
            Optional<RefusedException> problem) {}

    /**
     * @throws RefusedException if the repository can't be read, or if it has no default branch and the project sets
     *     none
     */
    Findings look(Project project, Credentials credentials) throws RefusedException {
        Optional<AppInstallation> app = credentials.app().isPresent()
                ? Optional.of(credentials.app().get().refreshed())
                : Optional.empty();
        Optional<Forge.Repository> api = credentials.pullRequest().isPresent()
                ? Optional.of(ask(project, credentials.requirePullRequest()))
                : Optional.empty();
        Optional<String> branch =
                project.asksForDefaultBranch() ? defaultBranch(project, credentials, api) : project.defaultBranch();
        Optional<RefusedException> problem = project.pushEnabled()
                ? api.flatMap(found -> ReadOnlyRepository.why(
                                project.repository(), project.host().kind(), found.condition()))
                        .or(() -> whyNotPush(project, credentials, api))
                : Optional.empty();
        Optional<Boolean> push = problem.isEmpty() && project.pushEnabled()
                ? Optional.of(true)
                : problem.filter(why -> CAN_NOT_PUSH.contains(why.reason())).map(why -> false);
        return new Findings(
                api.map(found -> "https://" + project.repository().authority() + "/" + found.canonical())
                        .orElse(project.repository().web()),
                branch,
                api,
                push,
                api.filter(Forge.Repository::pullRequests).isPresent()
                        ? app.map(found -> found.has(AppPermission.PULL_REQUESTS))
                        : Optional.of(false),
                app,
                problem);
    }

    /**
     * @throws RefusedException if the forge can't be reached, or if the default branch is missing or has an invalid
     *     name
     */
    public String defaultBranch(Project project, Credentials credentials) throws RefusedException {
        Optional<Forge.Repository> api = credentials.pullRequest().isPresent()
                ? Optional.of(ask(project, credentials.requirePullRequest()))
                : Optional.empty();
        return defaultBranch(project, credentials, api).orElseThrow();
    }

    /** As {@link #defaultBranch}, from git alone, with the token for pushes. */
    public String defaultBranchByGit(Project project, Credentials credentials) throws RefusedException {
        return defaultBranch(project, credentials, Optional.empty()).orElseThrow();
    }

    private Optional<String> defaultBranch(Project project, Credentials credentials, Optional<Forge.Repository> api)
            throws RefusedException {
        Optional<String> reported = api.isPresent()
                ? api.map(Forge.Repository::defaultBranch)
                : forges.uploadPack(project.host()).defaultBranch(project.repository(), credentials.requirePush());
        if (reported.isEmpty()) {
            throw new RefusedException(
                    SharedReason.BASE_MISSING,
                    "The repository " + project.repository()
                            + " has no default branch yet. Push a first commit, or set the project's spec.defaultBranch.");
        }
        Optional<String> problem = BranchName.problem(reported.get());
        if (problem.isPresent()) {
            throw new RefusedException(
                    SharedReason.INVALID_BRANCH,
                    "The name of the repository's default branch is invalid: " + problem.get()
                            + ". Set the project's spec.defaultBranch to another branch.");
        }
        return reported;
    }

    private Forge.Repository ask(Project project, Credential credential) throws RefusedException {
        Forge forge = forges.open(project.host(), project.repository(), credential);
        try {
            return forge.repository();
        } finally {
            metrics.rateLimit(ProjectTags.of(project), forge.rateLimit());
        }
    }

    private Optional<RefusedException> whyNotPush(
            Project project, Credentials credentials, Optional<Forge.Repository> api) {
        try {
            credentials.requireMayPush();
            Credential credential = credentials.requirePush();
            Optional<Forge.Repository> ofToken =
                    api.filter(found -> credentials.pullRequest().equals(Optional.of(credential)));
            if (ofToken.filter(Forge.Repository::canPush).isPresent()) {
                return Optional.empty();
            }
            // Gitea and Forgejo also list branches for git-receive-pack to users who may only read.
            if (ofToken.isPresent() && project.host().kind() != ForgeKind.GITHUB) {
                throw new RefusedException(
                        SharedReason.FORBIDDEN,
                        "The token has read access to " + project.repository()
                                + " but no write access. Grant the token's owner write access.");
            }
            try (MemoryBudget.Share share = memory.open(project.namespace())) {
                forges.receivePack(project.host()).advertise(project.repository(), credential, share);
            }
            return Optional.empty();
        } catch (RefusedException e) {
            return Optional.of(e);
        }
    }
}
