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
 * Streams LFS objects from a sandbox's output to the forge, one after the other, without storing them.
 *
 * @param ref the full name of the branch to push
 * @param taken called for each object with the number of bytes that the forge accepted
 */
public record LfsStream(InputStream output, LfsServer server, String ref, LongConsumer taken) {
    private static final int MAX_LINE = 120;

    /**
     * @param transfers in the order in which the objects were requested from the sandbox
     * @return the number of bytes that the forge accepted
     * @throws IOException if the sandbox's output is invalid or ends early
     */
    public long send(List<LfsTransfer> transfers) throws IOException, RefusedException {
        long sent = 0;
        if (transfers.isEmpty()) {
            return sent;
        }
        for (int at = 0; at < transfers.size(); at += LfsServer.BATCH) {
            List<LfsTransfer> next = transfers.subList(at, Math.min(transfers.size(), at + LfsServer.BATCH));
            for (LfsTransfer transfer : server.authorized(next, ref)) {
                sent += send(transfer);
            }
        }
        if (!line().equals("end lfs")) {
            throw new GitProtocolException("the LFS objects have no end mark");
        }
        return sent;
    }

    private long send(LfsTransfer transfer) throws IOException, RefusedException {
        String oid = transfer.object().oid();
        String line = line();
        if (line.equals("lfs-missing " + oid)) {
            throw new RefusedException(
                    PushReason.LFS,
                    "The LFS object " + oid
                            + " exists neither at the forge nor in the sandbox, which has only its pointer."
                            + " Run `git lfs fetch` in the sandbox, or remove the file.");
        }
        if (!line.equals("lfs-object " + oid + " " + transfer.object().size())) {
            throw new GitProtocolException("the LFS object " + oid + " does not match its pointer");
        }
        long accepted = server.upload(transfer, ref, output);
        taken.accept(accepted);
        return accepted;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = output.read(); next != '\n'; next = output.read()) {
            if (next < 0) {
                throw new EOFException("the LFS objects have no end mark");
            }
            if (line.length() == MAX_LINE) {
                throw new GitProtocolException("a line between the LFS objects exceeds " + MAX_LINE + " bytes");
            }
            line.append((char) next);
        }
        return line.toString();
    }
}
