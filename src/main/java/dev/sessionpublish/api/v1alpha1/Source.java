package dev.sessionpublish.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** The sandbox that has the checkout: exactly one of the three names is set. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Source(
        @JsonPropertyDescription("""
                podName is the name of a pod in the same namespace. The pod must have the label that the
                operator's settings require, by default sessionpublish.dev/sandbox=true. The operator waits for a
                pod that is not running yet.""") @ObjectNameRules @Nullable
        String podName,

        @JsonPropertyDescription("""
                sandboxName is the name of a Sandbox (agents.x-k8s.io/v1beta1) in the same namespace or, if there
                is none, of a SandboxClaim. The checkout is in the pod that the Sandbox controls. The operator
                waits for a pod that is not running yet.""") @ObjectNameRules @Nullable
        String sandboxName,

        @JsonPropertyDescription("""
                sessionName is the name of an AgentSession in the same namespace. Not supported yet: the publish
                fails with unsupported-source.""") @ObjectNameRules @Nullable
        String sessionName,

        @JsonPropertyDescription("""
                container is the name of the container that has the checkout. It may be a native sidecar (an init
                container with restartPolicy: Always). Default: the container in the pod's annotation
                kubectl.kubernetes.io/default-container, otherwise the only container that is not a sidecar. If the
                pod has several, the publish fails with container-ambiguous and lists them.""")
        @Size(min = 1, max = 63)
        @ValidationRule(
                value = "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
                message = "must be the name of a container: lower-case letters, digits and '-', "
                        + "starting and ending with a letter or digit")
        @Nullable
        String container,

        @JsonPropertyDescription("""
                directory is the directory of the checkout in the container: an absolute path without '..'. With
                symbolic links resolved, it must be at or below the workspace root (operator setting, by default
                /workspace), otherwise the publish fails with workspace-missing. Default: the workspace directory
                (operator setting, by default /workspace/repo).""")
        @Size(min = 1, max = 4096)
        @ValidationRule(value = "self.startsWith('/')", message = "must be an absolute path")
        @ValidationRule(
                value = "!self.split('/').exists(part, part == '..')",
                message = "must not contain '..' as a path part")
        @ValidationRule(
                value = "!self.matches(r'[\\x00-\\x1f\\x7f]')",
                message = "must not contain line breaks or other control characters")
        @Nullable
        String directory) {}
