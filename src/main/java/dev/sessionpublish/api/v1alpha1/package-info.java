/**
 * The resources of sessionpublish.dev/v1alpha1 as records. The CRDs in crds/ and docs/reference.md are generated from
 * them, descriptions and rules included. Fields that the records don't know are passed over, so that an operator can
 * read what a later one has written.
 */
@NullMarked
package dev.sessionpublish.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
