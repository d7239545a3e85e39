package dev.sessionpublish.sandbox;

import dev.sessionpublish.git.CommitChain;
import dev.sessionpublish.git.GitProtocolException;
import dev.sessionpublish.git.MemoryBudget;
import dev.sessionpublish.outcome.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The commit of the uncommitted changes, as the sandbox made it. Its text proves what it is based on, because its id is the
 * hash of the text.
 *
 * @param lines of the commit object
 */
record MadeCommit(List<String> lines) {
    /** Enough for the one parent, in bytes. */
    private static final int MAX_NAMED = 4_096;

    /**
     * Requires that the commit to publish is this one, has the reported tree, and has HEAD as its only parent. Otherwise a
     * pin of HEAD would say nothing about the commits that are published.
     *
     * @throws GitProtocolException if it is another commit
     */
    void requireOnHead(Checkout checkout) throws IOException, RefusedException {
        try (MemoryBudget.Share memory = new MemoryBudget(MAX_NAMED, 0).open("")) {
            requireOnHead(checkout, memory);
        }
    }

    private void requireOnHead(Checkout checkout, MemoryBudget.Share memory) throws IOException, RefusedException {
        String text = String.join("\n", lines) + "\n";
        if (!text.startsWith("tree " + checkout.tree() + "\nparent " + checkout.head() + "\nauthor ")
                || CommitChain.read(chain(checkout, text), checkout.head(), checkout.commit(), memory)
                        != CommitChain.Verdict.DESCENDS) {
            throw new GitProtocolException("the commit to publish is not one of the uncommitted changes on HEAD");
        }
    }

    private static ByteArrayInputStream chain(Checkout checkout, String text) {
        byte[] commit = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream chain = new ByteArrayOutputStream();
        chain.writeBytes((checkout.commit() + " commit " + commit.length + "\n").getBytes(StandardCharsets.US_ASCII));
        chain.writeBytes(commit);
        chain.writeBytes("\nend chain\n".getBytes(StandardCharsets.US_ASCII));
        return new ByteArrayInputStream(chain.toByteArray());
    }
}
