package dev.sessionpublish.api.v1alpha1;

import io.fabric8.generator.annotation.ValidationRule;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The rules for reviewers: login names of users and bots, as in {@link LoginNameRules}, and teams. */
@Documented
@ValidationRule(
        value = "self.all(name, name.matches('" + ReviewerNameRules.FORM + "'))",
        message =
                "must be logins, bots (NAME[bot]) or teams (ORG/TEAM) of the forge: letters, digits, '-', '_' and '.',"
                        + " without '@'",
        messageExpression =
                "'must be logins, bots (NAME[bot]) or teams (ORG/TEAM) of the forge: letters, digits, \"-\", "
                        + "\"_\" and \".\", without \"@\"; not \"' + self.filter(name, !name.matches('"
                        + ReviewerNameRules.FORM + "'))[0] + '\"'")
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface ReviewerNameRules {
    /** A login, optionally of a bot, or a team with its organization. */
    String FORM = "^[A-Za-z0-9][A-Za-z0-9._-]*([[]bot[]]|/[A-Za-z0-9._-]+)?$";
}
