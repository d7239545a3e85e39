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
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A SessionProject that has been checked against the operator's list of forges.
 *
 * @param revision changes whenever the project or its credential changes
 * @param defaultBranch the spec's default branch, otherwise the one that the forge reported; empty if neither is known
 * @param asksForDefaultBranch whether the default branch comes from the forge
 * @param givenUp whether the forge did not report a default branch and is not asked again until the project changes
 */
@RecordBuilder
@RecordBuilder.Options(enableGetters = false)
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
        PushLimits pushLimits,
        PullRequests pullRequests) {
    private static final List<String> PROTECTED = List.of("main", "master", "release/*");
    private static final String PREFIX = "session/";

    /** The project's settings for pull requests. */
    public record PullRequests(boolean enabled, boolean draft, List<String> labels, List<String> reviewers) {
        /** @param rules of the project's spec; null if it has none */
        public static PullRequests of(SessionProjectSpec.@Nullable PullRequestRules rules) {
            return rules == null
                    ? new PullRequests(true, false, List.of(), List.of())
                    : new PullRequests(
                            !Boolean.FALSE.equals(rules.enabled()),
                            Boolean.TRUE.equals(rules.draft()),
                            listOf(rules.labels()),
                            listOf(rules.reviewers()));
        }
    }

    /** @throws RefusedException invalid-repo-url, unsupported-host, unsupported-provider */
    public static Project of(SessionProject resource, ForgeHosts hosts) throws RefusedException {
        SessionProjectSpec spec = resource.getSpec();
        RepositoryUrl repository = RepositoryUrl.parse(spec.repository());
        ForgeHost host = hosts.find(repository.authority())
                .orElseThrow(() -> new RefusedException(
                        SharedReason.UNSUPPORTED_HOST,
                        "The host " + repository.authority()
                                + " of spec.repository is not in the operator's list of forges ("
                                + hosts.named()
                                + "). Correct spec.repository, port included, or ask a cluster administrator to add the"
                                + " host to the forges file."));
        requireSameKind(spec.forge(), host);
        SessionProjectStatus status = resource.getStatus();
        Optional<String> reported = Optional.ofNullable(status).map(SessionProjectStatus::defaultBranch);
        return ProjectBuilder.builder()
                .namespace(resource.getMetadata().getNamespace())
                .name(resource.getMetadata().getName())
                .revision(revision(Optional.of(resource)))
                .repository(repository)
                .host(host)
                .secretName(Optional.ofNullable(spec.credentialsSecret()).map(SessionProjectSpec.SecretRef::name))
                .defaultBranch(Optional.ofNullable(spec.defaultBranch()).or(() -> reported))
                .asksForDefaultBranch(spec.defaultBranch() == null)
                .givenUp(isGivenUp(resource))
                .protectedBranches(
                        BranchPatterns.of(spec.protectedBranches() == null ? PROTECTED : spec.protectedBranches()))
                .branchPrefix(spec.branchPrefix() == null ? PREFIX : spec.branchPrefix())
                .pushEnabled(
                        spec.push() == null || !Boolean.FALSE.equals(spec.push().enabled()))
                .pushLimits(PushLimits.of(spec.push()))
                .pullRequests(PullRequests.of(spec.pullRequests()))
                .build();
    }

    /** Identifies the version of a project, its credential, and what GitHub grants to it if it is an App. A publish compares revisions to detect changes. */
    public static String revision(Optional<SessionProject> resource) {
        return resource.map(project -> {
                    SessionProjectStatus status = project.getStatus();
                    String credentials = status == null || status.credentialsVersion() == null
                            ? "none"
                            : status.credentialsVersion();
                    String app = status == null || status.githubApp() == null
                            ? ""
                            : "/"
                                    + Integer.toHexString(Objects.hash(
                                            status.githubApp().installationId(),
                                            status.githubApp().permissions()));
                    return project.getMetadata().getUid() + "/"
                            + project.getMetadata().getGeneration() + "/" + credentials + app;
                })
                .orElse("absent");
    }

    /**
     * Checks that the project still has the same repository. A project can be deleted and created again under its name
     * with another repository; a publish that has started must not continue there.
     *
     * @param before the web URL of the repository that the publish started with
     * @throws RefusedException project-not-found if the repository differs
     */
    public void requireRepository(Optional<String> before) throws RefusedException {
        if (before.isPresent() && !before.get().equals(repository.web())) {
            throw new RefusedException(
                    ProjectReason.PROJECT_NOT_FOUND,
                    "The SessionProject " + name + " was replaced: its repository is " + repository.web() + ", not "
                            + before.get() + ". Create a new SessionPublish for the new repository.");
        }
    }

    /** A copy with the default branch that the forge reported. */
    public Project withDefaultBranch(String reported) {
        return ProjectBuilder.builder(this)
                .defaultBranch(Optional.of(reported))
                .givenUp(false)
                .build();
    }

    /** The {@link #revision()} of the project after its status records these credentials. */
    public String revisionWith(Credentials credentials) {
        String[] parts = revision.split("/", 4);
        return parts[0] + "/" + parts[1] + "/" + credentials.version() + (parts.length > 3 ? "/" + parts[3] : "");
    }

    private static void requireSameKind(SessionProjectSpec.@Nullable ForgeName wanted, ForgeHost host)
            throws RefusedException {
        if (wanted != null && ForgeKind.valueOf(wanted.name().toUpperCase(Locale.ROOT)) != host.kind()) {
            throw new RefusedException(
                    ProjectReason.UNSUPPORTED_PROVIDER,
                    "spec.forge is " + wanted + ", but the operator's forges file sets " + host.authority() + " to "
                            + host.kind().written() + ". Correct spec.forge, or remove it.");
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
