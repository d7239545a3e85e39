/** The resources of sessionpublish.dev/v1alpha1 as records; the CRDs in crds/ are generated from them. */
@NullMarked
package dev.sessionpublish.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
