/**
 * The resources of sessionpublish.dev/v1alpha1 as records. The CRDs in crds/ and docs/reference.md are generated from
 * them, descriptions and rules included. Fields and words of an enumeration that the records don't know are passed
 * over, so that an operator can read what a later one has written: one object that can't be read would keep it from all.
 */
@NullMarked
package dev.sessionpublish.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
