package dev.sessionpublish.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to publish, and how. */
@RecordBuilder
@RecordBuilder.Options(inheritComponentAnnotations = false, enableGetters = false)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription("""
        spec defines what to publish and how. Once the push has started (status.push.startedAt), only title, body,
        labels, reviewers, assignees, draft, merge, suspend, ttlSecondsAfterFinished and deletionPolicy are mutable.
        The other fields become mutable again if the publish failed and nothing was pushed. An open pull request is
        changed only where the spec has changed, so that edits at the forge stay. Labels and assignees are
        added again at a retry (annotation sessionpublish.dev/retry-at), unless it was adopted.""")
@ValidationRule(
        value = "has(self.projectRef) || has(self.source.sessionName)",
        message = "must name the SessionProject; it is optional only if spec.source.sessionName is set",
        fieldPath = ".projectRef")
@ValidationRule(
        value = "!has(self.headBranch) || !has(self.baseBranch)"
                + " || self.headBranch.lowerAscii() != self.baseBranch.lowerAscii()",
        message = "must differ from spec.baseBranch in more than case: a pull request needs two branches",
        fieldPath = ".headBranch")
@ValidationRule(
        value = "has(self.requestedBy) == has(oldSelf.requestedBy)"
                + " && (!has(self.requestedBy) || self.requestedBy == oldSelf.requestedBy)",
        message = "is immutable: it records who created this SessionPublish",
        fieldPath = ".requestedBy",
        reason = "FieldValueForbidden")
public record SessionPublishSpec(
        @JsonPropertyDescription("""
                projectRef names the SessionProject to publish to. If it does not exist, the publish fails with
                project-not-found, and starts again when it is created. Optional only if source.sessionName is set.""") @FixedOncePushed @Nullable
        ProjectRef projectRef,

        @JsonPropertyDescription("""
                source is the sandbox that has the checkout. Set exactly one of podName, sandboxName and sessionName.""")
        @Required
        @ValidationRule(
                value = "[has(self.podName), has(self.sandboxName), has(self.sessionName)].exists_one(set, set)",
                message = "exactly one of podName, sandboxName and sessionName must be set")
        @FixedOncePushed
        Source source,

        @JsonPropertyDescription("""
                title is the title of the pull request: one line of at most 256 characters. Default: the task title
                (annotation sessionpublish.dev/task-title of the pod), otherwise the subject of the only or last
                commit, otherwise 'Agent updates for session NAME', truncated to 72 characters. A default that is
                only markup or punctuation, such as '---', is skipped.""")
        @Size(min = 1, max = 256)
        @ValidationRule(
                value = "self.matches(r'\\S') && !self.matches(r'[\\x00-\\x1f\\x7f]')",
                message = "must be one line, must not be blank and must not contain control characters")
        @Nullable
        String title,

        @JsonPropertyDescription("""
                body is the description of the pull request in Markdown, at most 65,536 characters. Default: a
                summary (annotation sessionpublish.dev/summary of the pod), the list of the commits that the pull
                request brings, if they are known, and a footer that
                names the session and this object.""") @Size(max = 65536) @Nullable
        String body,

        @JsonPropertyDescription("""
                baseBranch is the short name of the branch that the pull request is to be merged into, such as main.
                The branch must exist in the repository. Default: the project's default branch.""") @BranchNameRules @FixedOncePushed @Nullable
        String baseBranch,

        @JsonPropertyDescription("""
                headBranch is the short name of the branch to push to, such as fix/login. It is used byte for byte as
                written. It must not be the base branch, the project's default branch or a protected branch. Default:
                the branch that is checked out, unless that is one of these or holds somebody else's work at the
                forge; otherwise a generated name that begins with the project's branchPrefix and does not change for
                this publish.""") @BranchNameRules @FixedOncePushed @Nullable
        String headBranch,

        @JsonPropertyDescription("""
                createPullRequest opens a pull request after the push. If false, the publish ends as Pushed. Default:
                true.""") @Default("true") @FixedOncePushed @Nullable
        Boolean createPullRequest,

        @JsonPropertyDescription("""
                force allows a push that is not a fast-forward, which replaces commits that others pushed to the
                branch. It applies to headBranch and to the branch of an earlier push of this publish, not to a
                branch that is only checked out. The push still fails if the branch moves during the push. If false,
                such a push fails with non-fast-forward, unless the branch still points at status.push.ownCommit and
                was generated or holds uncommitted changes. The project's push.force decides who may set it. Default:
                false.""") @Default("false") @FixedOncePushed @Nullable
        Boolean force,

        @JsonPropertyDescription("""
                draft opens the pull request as a draft. Default: the project's pullRequests.draft.""") @Nullable Boolean draft,

        @JsonPropertyDescription("""
                labels are added to the pull request, in addition to the project's labels. At most 100, each of at
                most 50 characters. A label that the forge rejects does not fail the publish; status.message reports
                it.""") @Size(max = 100) @LabelNameRules @Nullable
        List<@Size(min = 1, max = 50) String> labels,

        @JsonPropertyDescription("""
                reviewers are those who are requested to review the pull request, in addition to the project's
                reviewers: login names of users, bots (NAME[bot]) and teams (ORG/TEAM, where ORG owns the repository
                and TEAM is the team's slug on GitHub, its name on Gitea and Forgejo). At most 15. A reviewer that
                the forge rejects does not fail the publish; status.message reports it.""") @Size(max = 15) @ReviewerNameRules @Nullable
        List<@Size(min = 1, max = 200) String> reviewers,

        @JsonPropertyDescription("""
                assignees are the login names of the users and bots (NAME[bot]) whom the pull request is assigned to.
                At most 10. An assignee that the forge rejects does not fail the publish; status.message reports it.""") @Size(max = 10) @LoginNameRules @Nullable
        List<@Size(min = 1, max = 100) String> assignees,

        @JsonPropertyDescription("""
                commit pins the commit to publish. If HEAD of the checkout is another commit, the publish fails with
                commit-moved and pushes nothing. With uncommittedChanges: Commit, it pins the commit that the changes
                are based on. It is a full commit id of 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits.
                Default: HEAD, whatever its commit.""")
        @Size(max = 128)
        @ValidationRule(
                value = "self.matches('^([0-9a-f]{40}|[0-9a-f]{64})$')",
                message = "must be a full commit id: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits")
        @FixedOncePushed
        @Nullable
        String commit,

        @JsonPropertyDescription("""
                uncommittedChanges is the policy for uncommitted changes in the checkout. Ignore publishes only the
                commits; status.workspace counts the changed files. Commit also publishes the changes, in a commit on
                top of HEAD that leaves index, HEAD and working tree unchanged. Fail makes the publish fail with
                uncommitted-changes. Default: Ignore.""")
        @Default("Ignore")
        @FixedOncePushed
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @Nullable
        UncommittedChanges uncommittedChanges,

        @JsonPropertyDescription("""
                deletionPolicy is what happens to the pull request when this object is deleted, also by
                ttlSecondsAfterFinished. Orphan keeps it. ClosePullRequest closes it, even if it was adopted, unless
                another SessionPublish in the namespace has the same pull request; the object is removed once it is
                closed, and its project not before. Setting Orphan during the deletion removes the object without
                closing it. The branch is always kept. Default: Orphan.""")
        @Default("Orphan")
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @Nullable
        DeletionPolicy deletionPolicy,

        @JsonPropertyDescription("""
                ttlSecondsAfterFinished is the number of seconds after status.finishedAt, and after the merge or the close of
                the pull request, at which this object is
                deleted; 0 deletes it immediately. Default: the object is kept.""") @Min(0) @Nullable Integer ttlSecondsAfterFinished,

        @JsonPropertyDescription("""
                suspend stops the publish before its next step. Completed steps are kept, and a running push
                finishes. Setting it to false resumes the publish. Default: false.""") @Default("false") @Nullable
        Boolean suspend,

        @JsonPropertyDescription("merge controls whether and how the operator merges the pull request.")
        @Default("{}")
        @Nullable
        Merge merge,

        @JsonPropertyDescription("""
                requestedBy is the name of the user who creates this object, as kubectl auth whoami prints it. Omit
                it where the API server sets it (Kubernetes 1.36 and later). Any other name is rejected. Immutable:
                an update that omits it keeps it. At most 1,024 characters.""") @Size(max = 1024) @Nullable
        String requestedBy) {

    /** The name of the project; empty when the spec names none. */
    public String projectName() {
        return projectRef == null ? "" : projectRef.name();
    }

    public boolean wantsPullRequest() {
        return !Boolean.FALSE.equals(createPullRequest);
    }

    public boolean forces() {
        return Boolean.TRUE.equals(force);
    }

    public boolean suspends() {
        return Boolean.TRUE.equals(suspend);
    }

    public boolean closesPullRequest() {
        return deletionPolicy == DeletionPolicy.ClosePullRequest;
    }

    /** The parts that decide whether a publish is due and whom it depends on, for a cache that holds many. */
    public SessionPublishSpec trimmed() {
        return SessionPublishSpecBuilder.builder()
                .projectRef(projectRef)
                .source(source)
                .deletionPolicy(deletionPolicy)
                .ttlSecondsAfterFinished(ttlSecondsAfterFinished)
                .suspend(suspend)
                .build();
    }

    /** A reference to a SessionProject in the same namespace. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record ProjectRef(
            @JsonPropertyDescription("name is the name of a SessionProject in the same namespace.")
            @Required
            @ObjectNameRules
            String name) {}

    /** Whether and how the operator merges the pull request. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Merge(
            @JsonPropertyDescription("""
                    strategy is how the operator merges the pull request. The only accepted value is None: the
                    operator does not merge. Users merge the pull request, or the forge's own rules do. Default:
                    None.""")
            @Default("None")
            @Size(max = 64)
            @ValidationRule(
                    value = "self == 'None'",
                    message = "must be None, because merging is not supported yet; merge the pull request at the forge")
            @Nullable
            String strategy) {}

    /** The policy for uncommitted changes. */
    public enum UncommittedChanges {
        Ignore,
        Commit,
        Fail
    }

    /** What happens to the pull request when the object is deleted. */
    public enum DeletionPolicy {
        Orphan,
        ClosePullRequest
    }
}
