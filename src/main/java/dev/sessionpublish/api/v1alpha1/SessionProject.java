package dev.sessionpublish.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** A repository that sessions of this namespace may publish to, with its credential and its rules. */
@Group(SessionPublish.GROUP)
@Version(SessionPublish.VERSION)
@ShortNames("sproj")
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
