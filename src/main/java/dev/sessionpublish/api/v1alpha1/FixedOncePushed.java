package dev.sessionpublish.api.v1alpha1;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A field of a SessionPublish's spec that can't be changed once the push has started, because what has been done
 * depends on it. It opens again when the publish has failed and nothing was pushed. Becomes a transition rule at the
 * root of the schema: there, removing the field and adding it again is a change like any other.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface FixedOncePushed {}
