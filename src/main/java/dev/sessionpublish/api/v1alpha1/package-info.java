/**
 * The resources of sessionpublish.dev/v1alpha1 as records. The CRDs in crds/ and docs/reference.md are generated from
 * them, with descriptions and validation rules. Unknown fields and unknown enum values are ignored, so that an operator
 * can read objects that a newer version has written.
 */
@NullMarked
package dev.sessionpublish.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
