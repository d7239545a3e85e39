package dev.sessionpublish.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** A repository that the sessions of a namespace may publish to, with its credential and its rules. */
@Group(SessionPublish.GROUP)
@Version(SessionPublish.VERSION)
@ShortNames("sproj")
@Categories("sessionpublishing")
@JsonClassDescription("""
        SessionProject registers a repository that the sessions of its namespace may publish to, with a credential
        and rules. Everyone who may create SessionPublishes in the namespace may use it. RBAC controls who may create
        and change SessionProjects.""")
@AdditionalPrinterColumn(name = "Repository", jsonPath = ".spec.repository")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Default-Branch", jsonPath = ".status.defaultBranch")
@AdditionalPrinterColumn(name = "Age", type = Type.DATE, jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(name = "Reason", priority = 1, jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "Message", priority = 1, jsonPath = ".status.conditions[?(@.type==\"Ready\")].message")
public class SessionProject extends CustomResource<SessionProjectSpec, SessionProjectStatus> implements Namespaced {
    /** Null until set: the record has no empty instance. */
    @Override
    protected @Nullable SessionProjectSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable SessionProjectStatus initStatus() {
        return null;
    }
}
