package dev.sessionpublish.api.v1alpha1;

import io.fabric8.generator.annotation.ValidationRule;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** People at the forge, by login name. */
@Documented
@ValidationRule(
        value = "self.all(name, name.matches('^[A-Za-z0-9][A-Za-z0-9._-]*$'))",
        message = "must be login names as the forge knows them: letters, digits, '-', '_' and '.', without '@'")
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface LoginNameRules {}
