package dev.sessionpublish.project;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionProjectSpec;
import dev.sessionpublish.api.v1alpha1.SessionProjectStatus;
import dev.sessionpublish.forge.ForgeHost;
import dev.sessionpublish.forge.ForgeHosts;
import dev.sessionpublish.forge.ForgeKind;
import dev.sessionpublish.git.BranchPatterns;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A SessionProject, checked against what the cluster admin allows.
 *
 * @param revision changes whenever the project or its credential does
 * @param defaultBranch what the spec says, else what the forge said; empty while nobody has
 * @param asksForDefaultBranch whether it is the forge's to say
 * @param givenUp whether the forge has been asked for it in vain, and isn't asked again until something changes
 */
public record Project(
        String namespace,
        String name,
        String revision,
        RepositoryUrl repository,
        ForgeHost host,
        Optional<String> secretName,
        Optional<String> defaultBranch,
        boolean asksForDefaultBranch,
        boolean givenUp,
        BranchPatterns protectedBranches,
        String branchPrefix,
        boolean pushEnabled,
        PullRequests pullRequests) {
    private static final List<String> PROTECTED = List.of("main", "master", "release/*");
    private static final String PREFIX = "session/";

    /** What the project wants of pull requests. */
    public record PullRequests(boolean enabled, boolean draft, List<String> labels, List<String> reviewers) {}

    /** @throws RefusedException invalid-repo-url, unsupported-host, unsupported-provider */
    public static Project of(SessionProject resource, ForgeHosts hosts) throws RefusedException {
        SessionProjectSpec spec = resource.getSpec();
        RepositoryUrl repository = RepositoryUrl.parse(spec.repository());
        ForgeHost host = hosts.find(repository.authority())
                .orElseThrow(() -> new RefusedException(
                        SharedReason.UNSUPPORTED_HOST,
                        "The operator is not set up to talk to " + repository.authority()
                                + ": a cluster admin can list the host in the forges file."));
        requireSameKind(spec.forge(), host);
        SessionProjectStatus status = resource.getStatus();
        Optional<String> told = Optional.ofNullable(status).map(SessionProjectStatus::defaultBranch);
        SessionProjectSpec.PullRequestRules rules = spec.pullRequests();
        return new Project(
                resource.getMetadata().getNamespace(),
                resource.getMetadata().getName(),
                revision(Optional.of(resource)),
                repository,
                host,
                Optional.ofNullable(spec.credentialsSecret()).map(SessionProjectSpec.SecretRef::name),
                Optional.ofNullable(spec.defaultBranch()).or(() -> told),
                spec.defaultBranch() == null,
                isGivenUp(resource),
                BranchPatterns.of(spec.protectedBranches() == null ? PROTECTED : spec.protectedBranches()),
                spec.branchPrefix() == null ? PREFIX : spec.branchPrefix(),
                spec.push() == null || !Boolean.FALSE.equals(spec.push().enabled()),
                rules == null
                        ? new PullRequests(true, false, List.of(), List.of())
                        : new PullRequests(
                                !Boolean.FALSE.equals(rules.enabled()),
                                Boolean.TRUE.equals(rules.draft()),
                                listOf(rules.labels()),
                                listOf(rules.reviewers())));
    }

    /** What a publish compares to see whether its project, or the credential of it, has changed since. */
    public static String revision(Optional<SessionProject> resource) {
        return resource.map(project -> {
                    SessionProjectStatus status = project.getStatus();
                    String credentials = status == null || status.credentialsVersion() == null
                            ? "none"
                            : status.credentialsVersion();
                    return project.getMetadata().getUid() + "/"
                            + project.getMetadata().getGeneration() + "/" + credentials;
                })
                .orElse("absent");
    }

    /**
     * A project can be deleted and made anew under its name for another repository: what was done in the first is not
     * gone on with there.
     *
     * @param before the page of the repository that the publish has worked on
     * @throws RefusedException project-not-found when it is another one
     */
    public void requireRepository(Optional<String> before) throws RefusedException {
        if (before.isPresent() && !before.get().equals(repository.web())) {
            throw new RefusedException(
                    ProjectReason.PROJECT_NOT_FOUND,
                    "The SessionProject " + name + " is another one by now, of " + repository.web() + " and not of "
                            + before.get() + ".");
        }
    }

    /** The same with what the forge says by now. */
    public Project withDefaultBranch(String told) {
        return new Project(
                namespace,
                name,
                revision,
                repository,
                host,
                secretName,
                Optional.of(told),
                asksForDefaultBranch,
                false,
                protectedBranches,
                branchPrefix,
                pushEnabled,
                pullRequests);
    }

    /** The {@link #revision()} that the project has once its status tells of these credentials. */
    public String revisionWith(Credentials credentials) {
        return revision.substring(0, revision.lastIndexOf('/') + 1) + credentials.version();
    }

    private static void requireSameKind(SessionProjectSpec.@Nullable ForgeName wanted, ForgeHost host)
            throws RefusedException {
        if (wanted != null && ForgeKind.valueOf(wanted.name().toUpperCase(Locale.ROOT)) != host.kind()) {
            throw new RefusedException(
                    ProjectReason.UNSUPPORTED_PROVIDER,
                    "The project says that " + host.authority() + " is " + wanted + ", the cluster admin says it is "
                            + host.kind().written() + ": correct spec.forge, or leave it out.");
        }
    }

    private static boolean isGivenUp(SessionProject resource) {
        SessionProjectStatus status = resource.getStatus();
        return status != null
                && resource.getMetadata().getGeneration().equals(status.observedGeneration())
                && status.defaultBranch() == null
                && status.nextCheckAt() == null;
    }

    private static List<String> listOf(@Nullable List<String> values) {
        return values == null ? List.of() : List.copyOf(values);
    }
}
