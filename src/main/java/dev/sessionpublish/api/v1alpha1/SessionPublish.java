package dev.sessionpublish.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** Publishes a session's commits to one branch and one pull request. */
@Group(SessionPublish.GROUP)
@Version(SessionPublish.VERSION)
@Plural("sessionpublishes")
@ShortNames("spub")
@Categories("sessionpublishing")
@JsonClassDescription("""
        SessionPublish publishes the commits of a session to one branch, with one pull request. The operator pushes
        the commits of a git checkout in a sandbox pod to the project's repository. It then opens a pull request, or
        provides a link that opens one. It records every step in status.""")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
@AdditionalPrinterColumn(name = "Branch", jsonPath = ".status.headBranch")
@AdditionalPrinterColumn(name = "Pull-Request", jsonPath = ".status.pullRequest.url")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.reason")
@AdditionalPrinterColumn(name = "Age", type = Type.DATE, jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(name = "Project", priority = 1, jsonPath = ".spec.projectRef.name")
@AdditionalPrinterColumn(name = "Commit", priority = 1, jsonPath = ".status.commit")
@AdditionalPrinterColumn(name = "State", priority = 1, jsonPath = ".status.pullRequest.lifecycle")
@AdditionalPrinterColumn(name = "Checks", priority = 1, jsonPath = ".status.pullRequest.checks.summary")
@AdditionalPrinterColumn(name = "Review", priority = 1, jsonPath = ".status.pullRequest.reviewDecision")
@AdditionalPrinterColumn(name = "Mergeable", priority = 1, jsonPath = ".status.pullRequest.mergeable")
@AdditionalPrinterColumn(name = "Ready", priority = 1, jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Message", priority = 1, jsonPath = ".status.message")
public class SessionPublish extends CustomResource<SessionPublishSpec, SessionPublishStatus> implements Namespaced {
    public static final String GROUP = "sessionpublish.dev";
    public static final String VERSION = "v1alpha1";

    /** Null until set: the record has no empty instance. */
    @Override
    protected @Nullable SessionPublishSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable SessionPublishStatus initStatus() {
        return null;
    }
}
