package dev.sessionpublish.git.lfs;

import dev.sessionpublish.git.HttpRefusal;
import dev.sessionpublish.git.PushReason;
import dev.sessionpublish.outcome.Redactor;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.io.IOException;
import org.apache.hc.core5.http.ClassicHttpResponse;

/** Reads the HTTP statuses by which an LFS server refuses (the Git LFS API's documents "batch" and "basic-transfers"). */
record LfsRefusal(Redactor redactor) {

    /** What an answer belongs to; the same status means another thing in each. */
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
                    "The forge has no room left for LFS objects (" + status + "): see the repository's LFS quota.");
        }
        RefusedException usual = new HttpRefusal(redactor).of(response, "take LFS objects");
        boolean forNow = usual.reason() == SharedReason.RATE_LIMITED || usual.reason() == SharedReason.SERVER_ERROR;
        return forNow && status != 501
                ? usual
                : switch (step) {
                    case BATCH -> ofBatch(status, usual);
                    case UPLOAD -> ofUpload(status);
                    case VERIFY ->
                        new RefusedException(
                                PushReason.LFS,
                                "The forge says that an LFS object has not arrived although it took it (" + status
                                        + "): look at the forge's LFS storage.");
                };
    }

    private static RefusedException ofBatch(int status, RefusedException usual) {
        return switch (status) {
            case 404, 406, 410, 422, 501 ->
                new RefusedException(
                        PushReason.LFS,
                        "The forge does not take LFS objects here (" + status
                                + "): turn Git LFS on for the repository, or take the files out of LFS.");
            default -> usual;
        };
    }

    /** The project's credential plays no part here: what the forge itself announced doesn't hold. */
    private static RefusedException ofUpload(int status) {
        return switch (status) {
            case 413 ->
                new RefusedException(
                        PushReason.FILE_TOO_LARGE,
                        "An LFS object is larger than what the forge takes (413): take the file out, or have the forge's limit raised.");
            case 401, 403, 404, 410 ->
                new RefusedException(
                        SharedReason.SERVER_ERROR,
                        "The place that the forge named for an LFS object does not take it (" + status
                                + "): the forge is asked for another.");
            default ->
                new RefusedException(
                        PushReason.LFS,
                        "The forge does not take the content of an LFS object (" + status
                                + "): run `git lfs fsck` in the sandbox.");
        };
    }
}
