package dev.sessionpublish.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A repository that sessions of this namespace may publish to, with its credential and its rules. */
@Group(SessionPublish.GROUP)
@Version(SessionPublish.VERSION)
@ShortNames("sproj")
public class SessionProject extends CustomResource<SessionProjectSpec, SessionProjectStatus> implements Namespaced {}
