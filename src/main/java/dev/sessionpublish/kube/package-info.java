/** Small Kubernetes pieces that several resource kinds share: conditions and lifecycle events. */
@NullMarked
package dev.sessionpublish.kube;

import org.jspecify.annotations.NullMarked;
