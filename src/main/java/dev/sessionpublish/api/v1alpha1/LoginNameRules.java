package dev.sessionpublish.api.v1alpha1;

import io.fabric8.generator.annotation.ValidationRule;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The rules for login names of forge users and bots. */
@Documented
@ValidationRule(
        value = "self.all(name, name.matches('" + LoginNameRules.FORM + "'))",
        message = "must be login names of the forge: letters, digits, '-', '_' and '.', without '@'; those of bots end"
                + " in '[bot]'",
        messageExpression =
                "'must be login names of the forge: letters, digits, \"-\", \"_\" and \".\", without \"@\"; those"
                        + " of bots end in \"[bot]\"; not \"' + self.filter(name, !name.matches('" + LoginNameRules.FORM
                        + "'))[0] + '\"'")
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface LoginNameRules {
    /** A login, optionally of a bot. */
    String FORM = "^[A-Za-z0-9][A-Za-z0-9._-]*([[]bot[]])?$";
}
