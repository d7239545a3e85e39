/**
 * A Kubernetes API server in this process, of the size that the operator, its tests and kubectl need. It follows the
 * API conventions (https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md): versions,
 * generation, finalizers, status subresources, apply with field ownership, watches. It has no admission, no access
 * control, no CEL, no garbage collection and no controllers.
 */
@NullMarked
package dev.sessionpublish.embedded.cluster;

import org.jspecify.annotations.NullMarked;
