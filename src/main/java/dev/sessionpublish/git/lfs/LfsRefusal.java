package dev.sessionpublish.git.lfs;

import dev.sessionpublish.git.HttpRefusal;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.outcome.Redactor;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.io.IOException;
import java.util.Set;
import org.apache.hc.core5.http.ClassicHttpResponse;

/** Maps the HTTP error statuses of an LFS server to reasons (git-lfs's documents "batch" and "basic-transfers"). */
record LfsRefusal(Redactor redactor) {

    /** The request that was answered. The same status has a different meaning for each. */
    enum Step {
        BATCH,
        UPLOAD,
        VERIFY
    }

    RefusedException of(ClassicHttpResponse response, Step step) throws IOException {
        int status = response.getCode();
        if (status == 507 || status == 509) {
            return new RefusedException(
                    PushReason.LFS,
                    "The forge's storage or quota for LFS objects is exhausted (" + status
                            + "). Check the repository's LFS quota.");
        }
        RefusedException usual = new HttpRefusal(redactor).of(response, "upload LFS objects");
        boolean transientFailure = Set.of(SharedReason.RATE_LIMITED, SharedReason.SERVER_ERROR, SharedReason.NETWORK)
                .contains(usual.reason());
        return transientFailure && status != 501
                ? usual
                : switch (step) {
                    case BATCH -> ofBatch(status, usual);
                    case UPLOAD -> ofUpload(status);
                    case VERIFY ->
                        new RefusedException(
                                PushReason.LFS,
                                "The forge failed to verify an uploaded LFS object (" + status
                                        + "). Check the forge's LFS storage.");
                };
    }

    private static RefusedException ofBatch(int status, RefusedException usual) {
        return switch (status) {
            case 404, 406, 410, 422, 501 ->
                new RefusedException(
                        PushReason.LFS,
                        "Git LFS is disabled for the repository (" + status
                                + "). Enable it, or remove the files from LFS.");
            default -> usual;
        };
    }

    /** Uploads don't use the project's credential: the forge itself returned the URL and the headers. */
    private static RefusedException ofUpload(int status) {
        return switch (status) {
            case 413 ->
                new RefusedException(
                        PushReason.FILE_TOO_LARGE,
                        "An LFS object exceeds the forge's size limit (413). Remove the file, or ask the forge's administrator to raise the limit.");
            case 401, 403, 404, 410 ->
                new RefusedException(
                        SharedReason.SERVER_ERROR,
                        "The upload URL of an LFS object was rejected (" + status
                                + "). The operator retries with a new URL.");
            default ->
                new RefusedException(
                        PushReason.LFS,
                        "The forge rejects the content of an LFS object (" + status
                                + "). Run `git lfs fsck` in the sandbox.");
        };
    }
}
