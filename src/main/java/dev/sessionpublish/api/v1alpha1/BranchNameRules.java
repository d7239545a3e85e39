package dev.sessionpublish.api.v1alpha1;

import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A branch by its short name: what git allows below {@code refs/heads/} (git-check-ref-format(1)), without what would
 * be taken for an option, a full ref name or a commit id, or could not be seen. The schema says each rule in a
 * sentence; the operator checks the same rules again.
 */
@Documented
@Size(min = 1, max = 244)
@ValidationRule(
        value = "!self.matches(r'[\\x00-\\x20\\x7f-\\x{9f}~^:?*\\[\\\\]')",
        message = "must not contain a space, a control character or any of ~ ^ : ? * [ \\")
@ValidationRule(
        value = "!self.matches(r'[\\p{Cf}\\p{Zl}\\p{Zp}\\x{34f}\\x{115f}\\x{1160}\\x{17b4}\\x{17b5}\\x{180b}-\\x{180f}"
                + "\\x{2060}-\\x{206f}\\x{3164}\\x{fdd0}-\\x{fdef}\\x{fe00}-\\x{fe0f}\\x{ffa0}\\x{fff0}-\\x{fff8}"
                + "\\x{fffe}\\x{ffff}\\x{e0000}-\\x{e0fff}]')",
        message = "must not contain invisible characters, such as those that change the direction of text")
@ValidationRule(
        value = "!self.contains('..') && !self.contains('@{') && !self.contains('//')",
        message = "must not contain '..', '@{' or '//'")
@ValidationRule(
        value = "!self.startsWith('/') && !self.endsWith('/') && !self.endsWith('.')",
        message = "must not start or end with '/', nor end with '.'")
@ValidationRule(
        value = "!self.split('/').exists(part, part.startsWith('.') || part.endsWith('.lock'))",
        message = "no part between slashes may start with '.' or end with '.lock'")
@ValidationRule(
        value = "!self.startsWith('-') && self != '@' && self != 'HEAD'",
        message = "must not start with '-' and must not be '@' or 'HEAD'")
@ValidationRule(value = "!self.startsWith('refs/heads/')", message = "must be the short name: leave out 'refs/heads/'")
@ValidationRule(
        value = "!self.matches('^([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$')",
        message = "must not look like a commit id (40 or 64 hexadecimal digits)")
@ValidationRule(value = "bytes(self).size() <= 244", message = "must not be longer than 244 bytes of UTF-8")
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface BranchNameRules {}
