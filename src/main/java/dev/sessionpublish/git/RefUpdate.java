package dev.sessionpublish.git;

/**
 * An update of a branch, never a deletion. The remote rejects it unless the branch is still at {@code oldId}
 * (compare-and-swap).
 *
 * @param branch without {@code refs/heads/}
 * @param oldId the advertised id; the zero id for a new branch
 * @param newId not the zero id, which would delete the branch
 */
public record RefUpdate(String branch, ObjectId oldId, ObjectId newId) {
    public RefUpdate {
        if (newId.isZero()) {
            throw new IllegalArgumentException("the new id must not be zero: this would delete the branch");
        }
    }

    public String ref() {
        return "refs/heads/" + branch;
    }
}
