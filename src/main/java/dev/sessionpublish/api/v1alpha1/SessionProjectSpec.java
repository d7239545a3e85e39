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

/** A repository, the credential for it, and what may be done there. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription("The repository, the credential for it, and what may be done there.")
public record SessionProjectSpec(
        @JsonPropertyDescription("""
                The repository as https://HOST/OWNER/NAME. '.git', a trailing slash, a port and upper case in the host
                are fine. Only hosts that the operator's settings list are ever talked to (github.com when there are
                no settings); another one ends as unsupported-host. Can't be changed: what has been published would
                no longer be found. Register another project for another repository.""")
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
                The kind of forge, if you want to state it: it must agree with what the operator's settings say of the
                host, else publishes end as unsupported-provider. Default: what the settings say (github.com is
                GitHub).""") @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL) @Nullable
        ForgeName forge,

        @JsonPropertyDescription("""
                The Secret of this namespace with the credential. Without it nothing can be pushed and publishes end
                as missing-credentials. Its keys: 'token' for pushing and for pull requests; or 'push-token' and
                'pull-request-token', each for its part. With a push token alone, publishes end with a link that opens
                the pull request by hand. It is read each time it is used, so that a new token counts at once.""") @Nullable SecretRef credentialsSecret,

        @JsonPropertyDescription("""
                The base of pull requests that name none. Default: the repository's default branch, asked of the
                forge.""") @BranchNameRules @Nullable
        String defaultBranch,

        @JsonPropertyDescription("""
                Branches that are never pushed to, not even with force: names, or patterns in which '*' is any text,
                slashes included, '?' any one character and [a-z] one of a set. Letter case doesn't matter. The base
                branch of a publish is always protected, also when it isn't listed here. At most 64. Default: main,
                master and release/*. An empty list protects the base branch alone.""")
        @Default("[\"main\", \"master\", \"release/*\"]")
        @Size(max = 64)
        @ValidationRule(
                value = "self.all(pattern, !pattern.startsWith('refs/heads/'))",
                message = "must be short names or patterns: leave out 'refs/heads/'")
        @ValidationRule(
                value = "self.all(pattern, !pattern.matches(r'[\\x00-\\x20\\x7f~^:\\\\]'))",
                message = "must not contain a space, a control character or any of ~ ^ : \\")
        @Nullable
        List<@Size(min = 1, max = 244) String> protectedBranches,

        @JsonPropertyDescription("""
                How the name of a generated head branch begins; a slash is put after it unless it ends in '/', '-', '_'
                or '.'. A name is generated when a publish names no headBranch
                and the checkout is on the base branch, on a protected one, or on none. Default: session/.""")
        @Default("session/")
        @Size(min = 1, max = 100)
        @ValidationRule(
                value = "self.matches('^[A-Za-z0-9][A-Za-z0-9._/-]*$') && !self.contains('..') && !self.contains('//')"
                        + " && !self.contains('/.') && !self.contains('.lock/') && !self.startsWith('refs/heads/')",
                message = "must begin a branch name: letters, digits, '.', '_', '-' and '/', without '..', '//', "
                        + "'/.', '.lock/' and 'refs/heads/'")
        @Nullable
        String branchPrefix,

        @JsonPropertyDescription("Whether sessions may push.") @Default("{}") @Nullable
        PushRules push,

        @JsonPropertyDescription("Whether pull requests are opened, and with what.") @Default("{}") @Nullable
        PullRequestRules pullRequests) {

    /** The kind of forge, as written in a project. */
    public enum ForgeName {
        GitHub,
        Forgejo,
        Gitea
    }

    /** A Secret of the same namespace. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record SecretRef(
            @JsonPropertyDescription("The name of a Secret of this namespace.") @Required @ObjectNameRules
            String name) {}

    /** Whether anything may be pushed. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record PushRules(
            @JsonPropertyDescription("""
                    false: publishes of this project end as push-disabled and push nothing; they start again when it
                    becomes true. Default: true.""") @Default("true") @Nullable
            Boolean enabled) {}

    /** Whether pull requests are opened, and with what. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record PullRequestRules(
            @JsonPropertyDescription("""
                    false: work is pushed, and the publish ends as ManualPullRequestRequired with a link that opens
                    the pull request. Default: true.""") @Default("true") @Nullable
            Boolean enabled,

            @JsonPropertyDescription(
                    "Whether pull requests are opened as drafts when the publish doesn't say. Default: false.")
            @Default("false")
            @Nullable
            Boolean draft,

            @JsonPropertyDescription("""
                    Labels of every pull request of this project, besides those of the publish. At most 100, each of
                    at most 50 characters.""") @Size(max = 100) @LabelNameRules @Nullable
            List<@Size(min = 1, max = 50) String> labels,

            @JsonPropertyDescription("""
                    Who is asked to review every pull request of this project, besides those of the publish: login
                    names, at most 15.""") @Size(max = 15) @LoginNameRules @Nullable
            List<@Size(min = 1, max = 100) String> reviewers) {}
}
