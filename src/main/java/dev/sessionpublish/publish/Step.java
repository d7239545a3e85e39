package dev.sessionpublish.publish;

import dev.sessionpublish.outcome.RefusedException;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * One step of a publish: takes what is known, and returns what is known after it, or ends the run.
 *
 * @param applies whether the step has something to do, in a run that is not over
 * @param begin starts what is asked beside this step, for a later one
 * @param check decides, once the step is journaled, whether the run goes on
 */
record Step(StepName name, Predicate<Run> applies, UnaryOperator<Run> begin, Work work, Check check) {

    /** What is done in a step. */
    @FunctionalInterface
    interface Work {
        /** @throws RefusedException to end the run with what was known before the step */
        Run take(Run run) throws RefusedException;
    }

    /** What is decided when a step is journaled. */
    @FunctionalInterface
    interface Check {
        /**
         * @param before the run before the step
         * @param journaled the run after it
         * @throws RefusedException to end the run with what was known before the step
         */
        Run take(Run before, Run journaled) throws RefusedException;
    }

    static Step of(StepName name, Work work) {
        return new Step(name, run -> true, run -> run, work, (before, run) -> run);
    }

    /** @param runner takes the steps of the group */
    static Step group(
            StepName name, Predicate<Run> applies, BiFunction<List<Step>, Run, Run> runner, List<Step> steps) {
        return new Step(name, applies, run -> run, run -> runner.apply(steps, run), (before, run) -> run);
    }

    Step when(Predicate<Run> condition) {
        return new Step(name, condition, begin, work, check);
    }

    /** Beside this step, asks for what a later one needs. */
    Step beside(UnaryOperator<Run> beginning) {
        return new Step(name, applies, beginning, work, check);
    }

    /** Once this step is journaled, decides whether the run goes on. */
    Step then(Check confirmation) {
        return new Step(name, applies, begin, work, confirmation);
    }
}
