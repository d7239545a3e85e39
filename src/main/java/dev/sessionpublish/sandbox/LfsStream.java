package dev.sessionpublish.sandbox;

import dev.sessionpublish.git.GitProtocolException;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.git.lfs.LfsServer;
import dev.sessionpublish.git.lfs.LfsTransfer;
import dev.sessionpublish.outcome.RefusedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Takes LFS objects from a sandbox's output, one after the other, to the forge; nothing of them is kept.
 *
 * @param ref the full name of the branch that will be pushed
 * @param taken is told of each object how many bytes the forge took
 */
public record LfsStream(InputStream output, LfsServer server, String ref, LongConsumer taken) {
    private static final int MAX_LINE = 120;

    /**
     * @param transfers in the order in which the sandbox was asked for them
     * @throws IOException when the sandbox's output isn't what was asked for
     */
    public void send(List<LfsTransfer> transfers) throws IOException, RefusedException {
        if (transfers.isEmpty()) {
            return;
        }
        for (LfsTransfer transfer : transfers) {
            String oid = transfer.object().oid();
            String line = line();
            if (line.equals("lfs-missing " + oid)) {
                throw new RefusedException(
                        PushReason.LFS,
                        "The forge lacks the LFS object " + oid
                                + ", and the sandbox has only its pointer: fetch it there with `git lfs fetch`, or take the file out.");
            }
            if (!line.equals("lfs-object " + oid + " " + transfer.object().size())) {
                throw new GitProtocolException("an LFS object is not what its pointer says");
            }
            taken.accept(server.upload(transfer, ref, output));
        }
        if (!line().equals("end lfs")) {
            throw new GitProtocolException("the LFS objects have no end mark");
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = output.read(); next != '\n'; next = output.read()) {
            if (next < 0) {
                throw new EOFException("the LFS objects have no end mark");
            }
            if (line.length() == MAX_LINE) {
                throw new GitProtocolException("a line among the LFS objects is over " + MAX_LINE + " bytes");
            }
            line.append((char) next);
        }
        return line.toString();
    }
}
