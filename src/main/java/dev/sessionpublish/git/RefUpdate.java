package dev.sessionpublish.git;

/**
 * A branch to be moved, never deleted. The remote refuses it when the branch isn't at {@code oldId} any more: a compare-and-swap.
 *
 * @param branch without {@code refs/heads/}
 * @param oldId as advertised; all zeros for a new branch
 * @param newId of an object: all zeros would delete the branch
 */
public record RefUpdate(String branch, ObjectId oldId, ObjectId newId) {
    public RefUpdate {
        if (newId.isZero()) {
            throw new IllegalArgumentException("a branch is never deleted");
        }
    }

    public String ref() {
        return "refs/heads/" + branch;
    }
}
