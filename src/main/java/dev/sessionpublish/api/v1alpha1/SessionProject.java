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

/** A repository that sessions of this namespace may publish to, with its credential and its rules. */
@Group(SessionPublish.GROUP)
@Version(SessionPublish.VERSION)
@ShortNames("sproj")
@Categories("sessionpublish")
@JsonClassDescription("""
        A repository that sessions of this namespace may publish to, with the credential for it and the rules that
        hold there. Everybody who may create a SessionPublish in the namespace may use it; who may create or change
        projects is a matter of RBAC.""")
@AdditionalPrinterColumn(name = "Repository", jsonPath = ".spec.repository")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Default-Branch", jsonPath = ".status.defaultBranch")
@AdditionalPrinterColumn(name = "Age", type = Type.DATE, jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(name = "Reason", priority = 1, jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "Message", priority = 1, jsonPath = ".status.conditions[?(@.type==\"Ready\")].message")
public class SessionProject extends CustomResource<SessionProjectSpec, SessionProjectStatus> implements Namespaced {
    /** Absent until set: a record can't be made without its values. */
    @Override
    protected @Nullable SessionProjectSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable SessionProjectStatus initStatus() {
        return null;
    }
}
