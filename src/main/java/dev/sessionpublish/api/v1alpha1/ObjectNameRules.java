package dev.sessionpublish.api.v1alpha1;

import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The rules for the name of a Kubernetes object: a DNS subdomain (RFC 1123). */
@Documented
@Size(min = 1, max = 253)
@ValidationRule(
        value = "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
        message = "must be the name of an object: lower-case letters, digits, '-' and '.', "
                + "starting and ending with a letter or digit")
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface ObjectNameRules {}
