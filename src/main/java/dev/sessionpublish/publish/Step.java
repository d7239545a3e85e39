package dev.sessionpublish.publish;

import dev.sessionpublish.outcome.RefusedException;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * One step of a publish: takes what is known, and returns what is known after it, or ends the run.
 *
 * @param applies whether the step has something to do, in a run that is not over
 */
record Step(StepName name, Predicate<Run> applies, Work work) {

    /** What is done in a step. */
    @FunctionalInterface
    interface Work {
        /** @throws RefusedException to end the run with what was known before the step */
        Run take(Run run) throws RefusedException;
    }

    static Step of(StepName name, Work work) {
        return new Step(name, run -> true, work);
    }

    /** @param runner takes the steps of the group */
    static Step group(
            StepName name, Predicate<Run> applies, BiFunction<List<Step>, Run, Run> runner, List<Step> steps) {
        return new Step(name, applies, run -> runner.apply(steps, run));
    }

    Step when(Predicate<Run> condition) {
        return new Step(name, condition, work);
    }
}
