package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.PushRules.Force;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.project.Project;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Whether a publish may use {@code spec.force}, as its project says. Who may is known to the API server alone, while a user
 * writes the object: an admission policy lets only those set the annotation {@code sessionpublish.dev/may-force} who have
 * the right, and only those change what it approves.
 *
 * @param policyExists whether a binding of an admission policy of this name exists
 */
record ForceRight(Predicate<String> policyExists) {
    static final String ANNOTATION = "sessionpublish.dev/may-force";

    /** Its existence means that the annotation is verified. */
    static final String POLICY_BINDING = "may-force.sessionpublish.dev";

    /**
     * @param pushed whether the publish has pushed, so that spec.force is immutable
     * @throws RefusedException force-forbidden
     */
    void require(SessionPublish publish, Project project, boolean pushed) throws RefusedException {
        Force force = project.pushLimits().force();
        if (!publish.getSpec().forces() || force == Force.Allowed) {
            return;
        }
        String start = "spec.force is true, and the project " + project.name() + " has spec.push.force " + force + ": ";
        String remedy = pushed ? "Create a SessionPublish without spec.force" : "Set spec.force to false";
        if (force == Force.Forbidden) {
            throw refusal(start + "nothing was pushed. " + remedy + ", or ask the project's owner to change that.");
        }
        if (!isApproved(publish, project)) {
            throw refusal(
                    start + "no admission policy has recorded that who started this publish has the verb force-push"
                            + " on the project. " + remedy
                            + ", or ask a user with that verb (ClusterRole session-publish-force) to"
                            + " set the annotation sessionpublish.dev/retry-at to a new value, and on Kubernetes before 1.36 also "
                            + ANNOTATION + " to " + project.name() + ".");
        }
        if (!policyExists.test(POLICY_BINDING)) {
            throw refusal(start + "the admission policy " + POLICY_BINDING + ", which verifies who may use it, was not"
                    + " found. " + remedy + ", or ask a cluster administrator to install the policies (the chart's"
                    + " admission.install) and to let the operator read their bindings.");
        }
    }

    private static boolean isApproved(SessionPublish publish, Project project) {
        return Optional.ofNullable(publish.getMetadata().getAnnotations())
                .map(all -> all.get(ANNOTATION))
                .filter(project.name()::equals)
                .isPresent();
    }

    private static RefusedException refusal(String message) {
        return new RefusedException(PublishReason.FORCE_FORBIDDEN, message);
    }
}
