package dev.sessionpublish.api.v1alpha1;

import io.fabric8.generator.annotation.ValidationRule;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The rules for the labels of a pull request. */
@Documented
@ValidationRule(
        value = "self.all(label, label.matches(r'\\S') && !label.matches(r'[\\x00-\\x1f\\x7f]'))",
        message = "a label must not be blank and must not contain line breaks or other control characters")
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface LabelNameRules {}
