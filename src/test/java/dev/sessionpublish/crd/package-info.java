/**
 * Makes what is generated from the resource records: crds/ and docs/reference.md. Test scope, because neither the
 * generator nor its libraries belong into the product.
 */
@NullMarked
package dev.sessionpublish.crd;

import org.jspecify.annotations.NullMarked;
