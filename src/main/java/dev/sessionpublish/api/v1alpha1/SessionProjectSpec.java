package dev.sessionpublish.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The repository, its credential and the rules for publishing to it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription("spec is the repository, its credential and the rules for publishing to it.")
public record SessionProjectSpec(
        @JsonPropertyDescription("""
                repository is the URL of the repository: https://HOST/OWNER/NAME. A port, a trailing slash, the
                suffix '.git' and an upper-case host are allowed. The host must be in the operator's list of forges
                (github.com by default), otherwise publishes fail with unsupported-host. Immutable: create another
                project for another repository.""")
        @Required
        @Size(min = 1, max = 512)
        @ValidationRule(value = "self == oldSelf", message = RepositoryRules.FIXED, reason = "FieldValueForbidden")
        @ValidationRule(
                value = RepositoryRules.NOT_SSH,
                message = RepositoryRules.SSH,
                messageExpression = RepositoryRules.SSH_AS_HTTPS)
        @ValidationRule(value = RepositoryRules.IS_HTTPS, message = RepositoryRules.HTTPS)
        @ValidationRule(value = RepositoryRules.NO_USERINFO, message = RepositoryRules.USERINFO)
        @ValidationRule(value = RepositoryRules.NO_QUERY, message = RepositoryRules.QUERY)
        @ValidationRule(value = RepositoryRules.NO_ENCODING, message = RepositoryRules.ENCODING)
        @ValidationRule(value = RepositoryRules.NO_DOTS, message = RepositoryRules.DOTS)
        @ValidationRule(value = RepositoryRules.IS_OWNER_AND_NAME, message = RepositoryRules.OWNER_AND_NAME)
        String repository,

        @JsonPropertyDescription("""
                forge is the kind of the forge. It must match the kind that the operator's list of forges sets for
                the host, otherwise publishes fail with unsupported-provider. Default: the kind in the operator's
                list (github.com is GitHub).""") @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL) @Nullable
        ForgeName forge,

        @JsonPropertyDescription("""
                credentialsSecret is the Secret with the credential, in the same namespace. Without it, publishes
                fail with missing-credentials. Keys: 'token' for pushes and pull requests, or 'push-token' and
                'pull-request-token', which take precedence over 'token' for their purpose. With a push token alone,
                publishes end with a link that opens the pull request. Or a GitHub App: 'app-id' (its App ID or client
                ID), 'private-key' (PEM) and optionally 'installation-id'. A Secret with keys of both is refused. The
                operator reads the Secret at each use, so a new token or key takes effect immediately.""") @Nullable SecretRef credentialsSecret,

        @JsonPropertyDescription("""
                defaultBranch is the base branch of publishes that set no baseBranch. Default: the repository's
                default branch, as the forge reports it.""") @BranchNameRules @Nullable
        String defaultBranch,

        @JsonPropertyDescription("""
                protectedBranches are branches that the operator never pushes to, not even with force. Entries are
                branch names or patterns: '*' matches any text including slashes, '?' matches any one character, and
                [a-z] matches one character of a set. Matching ignores case. The base branch of a publish
                and the project's default branch are always protected. At most 64 entries. Default: main, master and
                release/*. An empty list protects only these two.""")
        @Default("[\"main\", \"master\", \"release/*\"]")
        @Size(max = 64)
        @ValidationRule(
                value = "self.all(pattern, !pattern.startsWith('refs/heads/'))",
                message = "must be short names or patterns: remove 'refs/heads/'")
        @ValidationRule(
                value = "self.all(pattern, !pattern.matches(r'[\\x00-\\x20\\x7f~^:\\\\]'))",
                message = "must not contain a space, a control character or any of ~ ^ : \\")
        @Nullable
        List<@Size(min = 1, max = 244) String> protectedBranches,

        @JsonPropertyDescription("""
                branchPrefix is the prefix of generated head branches. The operator appends a slash unless the prefix
                ends in '/', '-', '_' or '.'. It generates a head branch if a publish sets no headBranch and the
                checkout is on the base branch, the default branch, a protected branch, a branch that holds somebody
                else's work at the forge, or a detached HEAD. Default: session/.""")
        @Default("session/")
        @Size(min = 1, max = 100)
        @ValidationRule(
                value = "self.matches('^[A-Za-z0-9][A-Za-z0-9._/-]*$') && !self.contains('..') && !self.contains('//')"
                        + " && !self.contains('/.') && !self.contains('.lock/') && !self.startsWith('refs/heads/')",
                message =
                        "must be a valid start of a branch name: letters, digits, '.', '_', '-' and '/', without '..', '//', "
                                + "'/.', '.lock/' and 'refs/heads/'")
        @Nullable
        String branchPrefix,

        @JsonPropertyDescription("push controls pushes to the repository, and limits them.") @Default("{}") @Nullable
        PushRules push,

        @JsonPropertyDescription("pullRequests controls whether and how pull requests are opened.")
        @Default("{}")
        @Nullable
        PullRequestRules pullRequests) {

    /** The kind of a forge, as users write it in a project. */
    public enum ForgeName {
        GitHub,
        Forgejo,
        Gitea
    }

    /** A Secret of the same namespace. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record SecretRef(
            @JsonPropertyDescription("name is the name of a Secret in the same namespace.") @Required @ObjectNameRules
            String name) {}

    /** Whether and how pull requests are opened. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record PullRequestRules(
            @JsonPropertyDescription("""
                    enabled allows the operator to open pull requests. If false, publishes push their commits and end
                    as ManualPullRequestRequired, with a link that opens the pull request. Default: true.""") @Default("true") @Nullable
            Boolean enabled,

            @JsonPropertyDescription("""
                    draft opens pull requests as drafts if the publish does not set draft. Default: false.""") @Default("false") @Nullable
            Boolean draft,

            @JsonPropertyDescription("""
                    labels are added to every pull request of this project, in addition to the labels of the publish.
                    At most 100, each of at most 50 characters.""") @Size(max = 100) @LabelNameRules @Nullable
            List<@Size(min = 1, max = 50) String> labels,

            @JsonPropertyDescription("""
                    reviewers are those who are requested to review every pull request of this project, in addition
                    to the reviewers of the publish: login names of users, bots (NAME[bot]) and teams (ORG/TEAM). At
                    most 15.""") @Size(max = 15) @ReviewerNameRules @Nullable
            List<@Size(min = 1, max = 200) String> reviewers) {}
}
