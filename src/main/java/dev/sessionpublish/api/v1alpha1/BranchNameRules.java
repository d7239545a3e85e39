package dev.sessionpublish.api.v1alpha1;

import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The rules for a short branch name: git-check-ref-format(1) for a ref below {@code refs/heads/}. In addition, rejects
 * names that git or a forge interprets as an option, a full ref name or a commit id, and names with invisible
 * characters. Each rule has one message. The operator checks the same rules again.
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
        message = "must not contain invisible characters, such as bidirectional control characters")
@ValidationRule(
        value = "!self.contains('..') && !self.contains('@{') && !self.contains('//')",
        message = "must not contain '..', '@{' or '//'")
@ValidationRule(
        value = "!self.startsWith('/') && !self.endsWith('/') && !self.endsWith('.')",
        message = "must not start or end with '/', and must not end with '.'")
@ValidationRule(
        value = "!self.split('/').exists(part, part.startsWith('.') || part.endsWith('.lock'))",
        message = "a part between slashes must not start with '.' or end with '.lock'")
@ValidationRule(
        value = "!self.startsWith('-') && self != '@' && self != 'HEAD'",
        message = "must not start with '-' and must not be '@' or 'HEAD'")
@ValidationRule(value = "!self.startsWith('refs/heads/')", message = "must be the short name: remove 'refs/heads/'")
@ValidationRule(
        value = "!self.matches('^([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$')",
        message = "must not look like a commit id (40 or 64 hexadecimal digits)")
@ValidationRule(value = "bytes(self).size() <= 244", message = "must not be longer than 244 bytes of UTF-8")
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface BranchNameRules {}
