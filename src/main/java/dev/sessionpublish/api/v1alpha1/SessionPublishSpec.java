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

/** What to deliver, and how. */
@RecordBuilder
@RecordBuilder.Options(inheritComponentAnnotations = false, enableGetters = false)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription("""
        What to deliver, and how. Once the push has started (status.push.startedAt), only title, body, labels,
        reviewers, assignees, draft, merge, suspend, ttlSecondsAfterFinished and deletionPolicy can be changed; the
        others open again when the publish has failed and nothing was pushed.""")
@ValidationRule(
        value = "has(self.projectRef) || has(self.source.sessionName)",
        message = "must name the SessionProject; only with spec.source.sessionName can it be left out",
        fieldPath = ".projectRef")
@ValidationRule(
        value = "!has(self.headBranch) || !has(self.baseBranch)"
                + " || self.headBranch.lowerAscii() != self.baseBranch.lowerAscii()",
        message =
                "must differ from spec.baseBranch (in more than letter case): a branch has no pull request onto itself",
        fieldPath = ".headBranch")
@ValidationRule(
        value = "has(self.requestedBy) == has(oldSelf.requestedBy)"
                + " && (!has(self.requestedBy) || self.requestedBy == oldSelf.requestedBy)",
        message = "can't be changed: it tells who created this SessionPublish",
        fieldPath = ".requestedBy",
        reason = "FieldValueForbidden")
public record SessionPublishSpec(
        @JsonPropertyDescription("""
                The project to publish to. A project that doesn't exist yet is waited for. Can be left out only when
                source.sessionName is set: then it is that session's project.""") @FixedOncePushed @Nullable
        ProjectRef projectRef,

        @JsonPropertyDescription("Where the work is. Exactly one of podName, sandboxName and sessionName must be set.")
        @Required
        @ValidationRule(
                value = "[has(self.podName), has(self.sandboxName), has(self.sessionName)].exists_one(set, set)",
                message = "exactly one of podName, sandboxName and sessionName must be set")
        @FixedOncePushed
        Source source,

        @JsonPropertyDescription("""
                Title of the pull request: one line, at most 256 characters. Default: the task title (annotation
                sessionpublish.dev/task-title of the pod), else the subject of the only or last commit, else 'Agent
                updates for session NAME', cut at 72 characters.""")
        @Size(min = 1, max = 256)
        @ValidationRule(
                value = "self.matches(r'\\S') && !self.matches(r'[\\x00-\\x1f\\x7f]')",
                message = "must be one line that isn't blank, without control characters")
        @Nullable
        String title,

        @JsonPropertyDescription("""
                Text of the pull request, Markdown, at most 65,536 characters. Default: a summary (annotation
                sessionpublish.dev/summary of the pod), the list of commits, and a footer that names the session and
                this resource.""") @Size(max = 65536) @Nullable
        String body,

        @JsonPropertyDescription("""
                The branch that the pull request asks to merge into, by its short name, as in main. It must exist at
                the forge. Default: the project's default branch.""") @BranchNameRules @FixedOncePushed @Nullable
        String baseBranch,

        @JsonPropertyDescription("""
                The branch to push to, by its short name, as in fix/login. Taken byte for byte as written. Neither the
                base branch nor a protected branch of the project. Default: the branch that is checked out, when it is
                neither of those; else a generated name that begins with the project's branchPrefix and stays the same
                for this publish.""") @BranchNameRules @FixedOncePushed @Nullable
        String headBranch,

        @JsonPropertyDescription("false: push only; the publish ends as Pushed, without a pull request. Default: true.")
        @Default("true")
        @FixedOncePushed
        @Nullable
        Boolean createPullRequest,

        @JsonPropertyDescription("""
                true: replace the branch even when that loses commits that others have put there; the update still
                fails when the branch moves while it runs. false: such a push ends as non-fast-forward. A generated
                branch whose tip is what this publish itself pushed is replaced either way. Default: false.""") @Default("false") @FixedOncePushed @Nullable
        Boolean force,

        @JsonPropertyDescription("Whether the pull request is opened as a draft. Default: what the project says.")
        @Nullable
        Boolean draft,

        @JsonPropertyDescription("""
                Labels of the pull request, besides the project's. At most 100, each of at most 50 characters. What
                the forge refuses of them is told in status.message and doesn't fail the publish.""") @Size(max = 100) @LabelNameRules @Nullable
        List<@Size(min = 1, max = 50) String> labels,

        @JsonPropertyDescription("""
                Who is asked to review, besides the project's reviewers: login names, at most 15. What the forge
                refuses of them is told in status.message and doesn't fail the publish.""") @Size(max = 15) @LoginNameRules @Nullable
        List<@Size(min = 1, max = 100) String> reviewers,

        @JsonPropertyDescription("""
                Who the pull request is assigned to: login names, at most 10. What the forge refuses of them is told
                in status.message and doesn't fail the publish.""") @Size(max = 10) @LoginNameRules @Nullable
        List<@Size(min = 1, max = 100) String> assignees,

        @JsonPropertyDescription("""
                Publish this commit and no other: when HEAD of the checkout is another one, the publish ends as
                commit-moved and pushes nothing. A full id, 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits.
                Default: whatever HEAD is.""")
        @Size(max = 128)
        @ValidationRule(
                value = "self.matches('^([0-9a-f]{40}|[0-9a-f]{64})$')",
                message = "must be a full commit id: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits")
        @FixedOncePushed
        @Nullable
        String commit,

        @JsonPropertyDescription("""
                What to do with changes in the checkout that are not committed. Ignore: publish the commits and count
                the changed files in status.workspace. Commit: publish them too, in a commit on top of HEAD that is
                made without touching index, HEAD and working tree. Fail: end as uncommitted-changes and push nothing.
                Default: Ignore.""")
        @Default("Ignore")
        @FixedOncePushed
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @Nullable
        UncommittedChanges uncommittedChanges,

        @JsonPropertyDescription("""
                What happens to the pull request when this object is deleted, also when its ttl deletes it. Orphan:
                nothing; branch and pull request stay. ClosePullRequest: the pull request is closed, also one that was
                adopted, unless another SessionPublish of the namespace has the same one; the branch stays. The object
                is gone when the pull request is closed; Orphan, set while it is being deleted, lets go of it.
                Default: Orphan.""")
        @Default("Orphan")
        @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
        @Nullable
        DeletionPolicy deletionPolicy,

        @JsonPropertyDescription("""
                Delete this object so many seconds after it has ended (status.finishedAt); 0 is at once. Default: it
                is kept.""") @Min(0) @Nullable Integer ttlSecondsAfterFinished,

        @JsonPropertyDescription("""
                true: take no further step; what has been done stays, and a push that is running ends first. false:
                go on. Default: false.""") @Default("false") @Nullable
        Boolean suspend,

        @JsonPropertyDescription("Whether and how the operator merges the pull request.") @Default("{}") @Nullable
        Merge merge,

        @JsonPropertyDescription("""
                Who asked: the name of the user who creates this object, as kubectl auth whoami tells it. Leave it out
                where the API server fills it in (Kubernetes 1.36 on); elsewhere write your own name. Any other name is
                refused. Can't be changed; an update that leaves it out keeps it. At most 1,024 characters.""") @Size(max = 1024) @Nullable
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

    /** A SessionProject of the same namespace. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record ProjectRef(
            @JsonPropertyDescription("The name of a SessionProject of this namespace.") @Required @ObjectNameRules
            String name) {}

    /** Where the work is: exactly one of the three names. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Source(
            @JsonPropertyDescription("""
                    A pod of this namespace. It must carry the label that the operator's settings ask for, by default
                    sessionpublish.dev/sandbox=true. One that isn't running yet is waited for.""") @ObjectNameRules @Nullable
            String podName,

            @JsonPropertyDescription("""
                    A Sandbox (agents.x-k8s.io/v1beta1) of this namespace or, where there is none of that name, a
                    SandboxClaim, which means its Sandbox. The work is in the one pod that the Sandbox controls; one
                    that isn't running yet is waited for.""") @ObjectNameRules @Nullable
            String sandboxName,

            @JsonPropertyDescription(
                    "An AgentSession of this namespace. Not supported yet: the publish ends as unsupported-source.")
            @ObjectNameRules
            @Nullable
            String sessionName,

            @JsonPropertyDescription("""
                    The container that holds the checkout. Default: what the pod's annotation
                    kubectl.kubernetes.io/default-container says, else the only container; with several, the publish
                    ends as container-ambiguous and lists them.""")
            @Size(min = 1, max = 63)
            @ValidationRule(
                    value = "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
                    message = "must be the name of a container: lower-case letters, digits and '-', "
                            + "starting and ending with a letter or digit")
            @Nullable
            String container,

            @JsonPropertyDescription("""
                    The checkout in the container: an absolute path without '..'. What it resolves to must lie below
                    the workspace root of the operator's settings (by default /workspace), else the publish ends as
                    workspace-missing. Default: the directory of the operator's settings (by default
                    /workspace/repo).""")
            @Size(min = 1, max = 4096)
            @ValidationRule(value = "self.startsWith('/')", message = "must be an absolute path")
            @ValidationRule(
                    value = "!self.split('/').exists(part, part == '..')",
                    message = "must not contain '..' as a part")
            @ValidationRule(
                    value = "!self.matches(r'[\\x00-\\x1f\\x7f]')",
                    message = "must not contain line breaks or other control characters")
            @Nullable
            String directory) {}

    /** How the pull request is merged. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Merge(
            @JsonPropertyDescription("""
                    None: people merge it, or the forge by its own rules. Merging by the operator isn't supported yet,
                    so None is all that is accepted. Default: None.""")
            @Default("None")
            @Size(max = 64)
            @ValidationRule(
                    value = "self == 'None'",
                    message =
                            "merging isn't supported yet: the only strategy is None; merge the pull request at the forge")
            @Nullable
            String strategy) {}

    /** What to do with changes that are not committed. */
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
