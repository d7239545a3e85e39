package dev.sessionpublish.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class RetriedErrorsTest {
    @Test
    void anErrorOfOneObjectIsAnExceptionWithTheErrorAsItsCause() {
        for (Error error :
                new Error[] {new StackOverflowError(), new NoClassDefFoundError("x"), new AssertionError("x")}) {
            assertThatThrownBy(() -> RetriedErrors.within(failing(error)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasCause(error);
        }
    }

    @Test
    void anythingElseStaysWhatItIs() {
        Error memory = new OutOfMemoryError("x");
        assertThatThrownBy(() -> RetriedErrors.within(failing(memory))).isSameAs(memory);
        RuntimeException exception = new IllegalArgumentException("x");
        assertThatThrownBy(() -> RetriedErrors.within(() -> {
                    throw exception;
                }))
                .isSameAs(exception);
        assertThat(RetriedErrors.within(() -> 1)).isEqualTo(1);
    }

    private static Supplier<Object> failing(Error error) {
        return () -> {
            throw error;
        };
    }
}
