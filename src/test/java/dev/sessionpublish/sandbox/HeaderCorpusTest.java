package dev.sessionpublish.sandbox;

import dev.sessionpublish.git.Corpus;
import java.io.ByteArrayInputStream;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What was found, or is worth keeping, of headers. */
class HeaderCorpusTest {

    @TestFactory
    Stream<DynamicTest> headers() {
        return Corpus.cases("header", input -> {
            CheckoutHeader header = HeaderBytes.read(new ByteArrayInputStream(input));
            Optional<String> refusal = header.refusal();
            return refusal.isPresent()
                    ? "refused " + refusal.get()
                    : "checkout " + header.checkout().branch().orElse("-");
        });
    }
}
