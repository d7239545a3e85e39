package dev.sessionpublish.git;

/**
 * A branch to be moved. The remote refuses it when the branch isn't at {@code oldId} any more: a compare-and-swap.
 *
 * @param branch without {@code refs/heads/}
 * @param oldId as advertised; all zeros for a new branch
 */
public record RefUpdate(String branch, ObjectId oldId, ObjectId newId) {
    public String ref() {
        return "refs/heads/" + branch;
    }
}
