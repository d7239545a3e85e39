package dev.sessionpublish.publish;

import dev.sessionpublish.outcome.Reason;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.converter.ConvertWith;
import org.junit.jupiter.params.converter.TypedArgumentConverter;

/** A parameter that a test's table gives by the name of the constant. */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@ConvertWith(ReasonByName.Converter.class)
public @interface ReasonByName {
    final class Converter extends TypedArgumentConverter<String, Reason> {
        Converter() {
            super(String.class, Reason.class);
        }

        @Override
        protected Reason convert(String name) {
            return PublishReason.ALL.stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
