package dev.sessionpublish.publish;

import dev.sessionpublish.api.v1alpha1.SessionPublishSpec;
import dev.sessionpublish.forge.Forges;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.project.Credentials;
import dev.sessionpublish.project.Project;
import dev.sessionpublish.project.ProjectRechecks;
import dev.sessionpublish.publish.plan.AdmissionRules;
import dev.sessionpublish.publish.plan.BranchRules;
import dev.sessionpublish.publish.plan.HeadBranch;
import dev.sessionpublish.publish.push.DefaultBranch;
import dev.sessionpublish.sandbox.PodLocator;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/**
 * The first step: the project, its credential, what they allow, and the branches. Whatever is known of the project goes
 * into the status, also when the publish is refused.
 */
final class Admission {
    private final KubernetesClient client;
    private final Forges forges;
    private final ProjectRechecks rechecks;
    private final DefaultBranch defaultBranch;
    private final ForceRight force;

    Admission(
            KubernetesClient client,
            Forges forges,
            ProjectRechecks rechecks,
            DefaultBranch defaultBranch,
            ForceRight force) {
        this.client = client;
        this.forges = forges;
        this.rechecks = rechecks;
        this.defaultBranch = defaultBranch;
        this.force = force;
    }

    Run admit(Run run) throws RefusedException {
        Optional<String> pushedTo = run.trigger().isAfterPush()
                ? Optional.ofNullable(run.status().get().repository())
                : Optional.empty();
        PodLocator.requireSupported(run.spec().source());
        Project project = AdmissionRules.project(run.spec(), run.resource(), forges.hosts(), pushedTo);
        Run known = run.withProject(Optional.of(project))
                .withStatus(run.status().withRepository(project.repository().web()));
        try {
            AdmissionRules.requirePushEnabled(project);
            if (!run.trigger().isAfterPush()) {
                force.require(run.publish(), project, run.status().commit().isPresent());
            }
            return branches(credentials(known, project), project);
        } catch (RefusedException e) {
            return known.refused(e);
        }
    }

    private Run credentials(Run run, Project project) throws RefusedException {
        Credentials credentials = Credentials.read(client, forges, project);
        return run.withCredentials(Optional.of(credentials))
                .withStatus(run.status().withProject(project.revisionWith(credentials)));
    }

    private Run branches(Run run, Project project) {
        if (run.trigger().isAfterPush()) {
            return run;
        }
        try {
            SessionPublishSpec spec = run.spec();
            Credentials credentials = run.credentials().orElseThrow();
            Optional<String> headBranch = Optional.ofNullable(spec.headBranch());
            HeadBranch.requested(headBranch, project, run.base());
            requireAppMayPush(credentials, project);
            boolean isBase = spec.wantsPullRequest() && run.base().isEmpty();
            Run known = run.withProject(Optional.of(defaultBranch.known(project, credentials, isBase)));
            BranchRules.requireBaseName(known.base(), spec.wantsPullRequest(), known.admitted());
            credentials.requirePush();
            // Once more: the default branch may be known only now.
            return known.withRequested(HeadBranch.requested(headBranch, known.admitted(), known.base()));
        } catch (RefusedException e) {
            return run.refused(e);
        }
    }

    /** What a GitHub App may do changes at GitHub: its project finds out too, and wakes the publish when it changes back. */
    private void requireAppMayPush(Credentials credentials, Project project) throws RefusedException {
        if (credentials.app().isEmpty()) {
            return;
        }
        try {
            credentials.requireMayPush();
        } catch (RefusedException e) {
            if (e.reason() != SharedReason.NETWORK) {
                rechecks.at(project);
            }
            throw e;
        }
    }
}
