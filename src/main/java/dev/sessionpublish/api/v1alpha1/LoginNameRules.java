package dev.sessionpublish.api.v1alpha1;

import io.fabric8.generator.annotation.ValidationRule;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The rules for login names of forge users. */
@Documented
@ValidationRule(
        value = "self.all(name, name.matches('^[A-Za-z0-9][A-Za-z0-9._-]*$'))",
        message = "must be login names of the forge: letters, digits, '-', '_' and '.', without '@'")
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface LoginNameRules {}
