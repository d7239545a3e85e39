package dev.sessionpublish.project;

import dev.sessionpublish.api.v1alpha1.PushRules;
import dev.sessionpublish.api.v1alpha1.PushRules.Force;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of a project sets for every publish to it.
 *
 * @param maxChangedFiles empty for no limit
 */
public record PushLimits(Force force, Optional<PackSize> maxPackSize, OptionalInt maxChangedFiles) {

    /** @param written as in the project */
    public record PackSize(String written, long bytes) {
        private static PackSize of(String written) {
            return new PackSize(
                    written, Quantity.parse(written).getNumericalAmount().longValueExact());
        }
    }

    static PushLimits of(@Nullable PushRules rules) {
        return rules == null
                ? new PushLimits(Force.Allowed, Optional.empty(), OptionalInt.empty())
                : new PushLimits(
                        Objects.requireNonNullElse(rules.force(), Force.Allowed),
                        Optional.ofNullable(rules.maxPackSize()).map(PackSize::of),
                        rules.maxChangedFiles() == null
                                ? OptionalInt.empty()
                                : OptionalInt.of(rules.maxChangedFiles()));
    }
}
