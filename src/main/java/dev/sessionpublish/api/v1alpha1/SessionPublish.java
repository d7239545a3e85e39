package dev.sessionpublish.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** One session's work shall be on one branch, with one pull request. */
@Group(SessionPublish.GROUP)
@Version(SessionPublish.VERSION)
@ShortNames("spub")
public class SessionPublish extends CustomResource<SessionPublishSpec, SessionPublishStatus> implements Namespaced {
    public static final String GROUP = "sessionpublish.dev";
    public static final String VERSION = "v1alpha1";
    /** Any new value of this annotation starts a publish again. */
    public static final String RETRY_AT = "sessionpublish.dev/retry-at";

    /** Absent until set: a record can't be made without its values. */
    @Override
    protected @Nullable SessionPublishSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable SessionPublishStatus initStatus() {
        return null;
    }
}
