/** Tests of the resource records. */
@NullMarked
package dev.sessionpublish.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
