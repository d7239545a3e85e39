package dev.sessionpublish.api.v1alpha1;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A field of a SessionPublish's spec that is immutable once the push has started. It becomes mutable again if the
 * publish failed and nothing was pushed. The annotation generates a transition rule at the root of the schema, so that
 * the rule also covers removing the field and adding it again.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface FixedOncePushed {}
