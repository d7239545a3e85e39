package dev.sessionpublish.git;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A remote's response to a push (report-status in git's gitprotocol-pack, in side-band-64k if negotiated).
 *
 * @param unpack {@code ok}, or why unpacking failed
 * @param refusal why the ref was not updated; empty if it was
 * @param messages the output of the remote's hooks, as {@link RemoteMessages} keeps it
 */
record PushReport(String unpack, Optional<String> refusal, String messages) {
    private static final int MAX_REPORT = 256 * 1024;
    private static final int MAX_ERROR = 16 * 1024;
    /** The limit of the whole response with the hooks' output, so that an endless response is cancelled. */
    private static final long MAX_ANSWER = 64L << 20;

    boolean isAccepted() {
        return unpack.equals("ok") && refusal.isEmpty();
    }

    /**
     * @param ref the only ref of the push
     * @throws EOFException if the response ends before the report
     * @throws GitProtocolException if the response is not a report, lacks the ref, or exceeds 256 KiB, or 64 MiB
     *     including messages
     */
    static PushReport read(InputStream in, boolean sideBand, String ref) throws IOException {
        RemoteMessages messages = new RemoteMessages();
        InputStream bounded = new BoundedInput(in, sideBand ? MAX_ANSWER : MAX_REPORT);
        InputStream report = sideBand ? firstBand(bounded, messages) : bounded;
        PktLines lines = new PktLines(report);
        String unpack = lines.nextText()
                .filter(line -> line.startsWith("unpack "))
                .orElseThrow(() -> new GitProtocolException("the report does not start with unpack"))
                .substring("unpack ".length());
        Optional<String> refusal = Optional.of("the remote's report lacks the branch");
        boolean reported = false;
        for (Optional<String> next = lines.nextText(); next.isPresent(); next = lines.nextText()) {
            String line = next.get();
            if (line.equals("ok " + ref)) {
                refusal = Optional.empty();
                reported = true;
            } else if (line.startsWith("ng " + ref + " ")) {
                refusal = Optional.of(line.substring(("ng " + ref + " ").length()));
                reported = true;
            }
        }
        if (!reported && unpack.equals("ok")) {
            throw new GitProtocolException("the report lacks the branch");
        }
        return new PushReport(unpack, refusal, messages.text());
    }

    private static InputStream firstBand(InputStream in, RemoteMessages messages) throws IOException {
        ByteArrayOutputStream report = new ByteArrayOutputStream();
        PktLines lines = new PktLines(in);
        for (Optional<byte[]> next = lines.next(); next.isPresent(); next = lines.next()) {
            byte[] line = next.get();
            if (line.length == 0) {
                throw new GitProtocolException("a side-band line has no band number");
            }
            switch (line[0]) {
                case 1 -> report.write(line, 1, line.length - 1);
                case 2 -> messages.add(line, 1, line.length - 1);
                case 3 ->
                    throw new RemoteErrorException(
                            new String(line, 1, Math.min(line.length - 1, MAX_ERROR), StandardCharsets.UTF_8),
                            messages.text());
                default -> throw new GitProtocolException("the side band " + line[0] + " is unknown");
            }
            if (report.size() > MAX_REPORT) {
                throw new GitProtocolException("the report exceeds " + MAX_REPORT + " bytes");
            }
        }
        return new ByteArrayInputStream(report.toByteArray());
    }

    /** The remote aborted the push with a fatal error (side band 3). */
    static final class RemoteErrorException extends IOException {
        private static final long serialVersionUID = 1;
        private final String messages;

        RemoteErrorException(String error, String messages) {
            super(error);
            this.messages = messages;
        }

        String messages() {
            return messages;
        }
    }
}
