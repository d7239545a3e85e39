package dev.sessionpublish.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;

/** Parsers for JSON that a forge sends. A parser that exceeds a limit throws an exception for invalid JSON. */
public final class ForgeJson {
    private static final int DEEPEST = 64;

    private ForgeJson() {}

    /** @param tokens at most; each may become an object of about 50 bytes, besides its text */
    public static JsonFactory within(int tokens) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxTokenCount(tokens)
                        .maxNestingDepth(DEEPEST)
                        .build())
                .build();
    }
}
