/** Tests on a real API server, which is brought up before and named by the system property controlplane.kubeconfig. */
@NullMarked
package dev.sessionpublish.controlplane;

import org.jspecify.annotations.NullMarked;
