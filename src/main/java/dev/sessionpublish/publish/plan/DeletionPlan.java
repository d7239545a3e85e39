package dev.sessionpublish.publish.plan;

import java.util.Optional;

/** What happens to the pull request of a publish that is being deleted. A pure function. */
public sealed interface DeletionPlan {
    /** It stays: nothing is left to do. */
    record LeaveOpen() implements DeletionPlan {}

    /** The pull request with this number is closed, unless another publish has it too. */
    record Close(int number) implements DeletionPlan {}

    /** A run that was interrupted may have opened one: it is looked for, then closed. */
    record FindAndClose() implements DeletionPlan {}

    /**
     * @param wanted whether the spec asks for it to be closed, and it is not merged
     * @param number of the pull request in the status
     * @param mayBeOpen whether opening one was begun after the last push
     */
    static DeletionPlan of(boolean wanted, Optional<Integer> number, boolean mayBeOpen) {
        if (!wanted || number.isEmpty() && !mayBeOpen) {
            return new LeaveOpen();
        }
        return number.isPresent() ? new Close(number.get()) : new FindAndClose();
    }
}
