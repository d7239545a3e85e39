package dev.sessionpublish.bench;

import dev.sessionpublish.embedded.SandboxCheckout;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** A running pod with a checkout of its tenant's repository. */
record Sandbox(Tenant tenant, String pod, SandboxCheckout checkout) {
    private static final int MIB = 1 << 20;
    private static final AtomicInteger BRANCHES = new AtomicInteger();

    /** Goes to a new branch of main with one commit of one small file; returns its name. */
    String work() {
        String branch = newBranch();
        checkout.commit("Work", "work.txt", branch);
        return branch;
    }

    /** The same with a commit of bytes that a pack can't make smaller, in files of at most 32 MiB. */
    String work(int mebibytes) throws IOException {
        String branch = newBranch();
        Random random = new Random(branch.hashCode());
        byte[] noise = new byte[MIB];
        for (int written = 0; written < mebibytes; ) {
            try (OutputStream out = Files.newOutputStream(checkout.directory().resolve("noise-" + written))) {
                for (int end = Math.min(written + 32, mebibytes); written < end; written++) {
                    random.nextBytes(noise);
                    out.write(noise);
                }
            }
        }
        checkout.git("add", "--all");
        checkout.git("commit", "--quiet", "-m", "Noise");
        return branch;
    }

    private String newBranch() {
        String branch = "agent/work-" + BRANCHES.incrementAndGet();
        checkout.checkout("main").branch(branch);
        return branch;
    }
}
