package dev.sessionpublish.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sessionpublish.outcome.RefusedException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private static final int ALLOWANCE = 100;
    private static final int POOL = 3_000;

    private final MemoryBudget budget = new MemoryBudget(ALLOWANCE, POOL);

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(PushReason.MEMORY_LIMIT))
                .hasMessageContaining(message);
    }

    @Test
    void oneRunAloneNeverTakesItAll() throws Exception {
        MemoryBudget.Share greedy = budget.open();
        greedy.take(ALLOWANCE + POOL / 3);

        assertThat(greedy.allows(1)).isFalse();
        refused(() -> greedy.take(1), "one publish may take");
    }

    @Test
    void everyRunHasItsAllowanceWhateverTheOthersTook() throws Exception {
        for (int n = 0; n < 3; n++) {
            budget.open().take(ALLOWANCE + POOL / 3);
        }
        MemoryBudget.Share honest = budget.open();
        honest.take(ALLOWANCE);

        refused(() -> honest.take(1), "The operator retries");
    }

    @Test
    void whatIsGivenBackIsThereForOthers() throws Exception {
        MemoryBudget.Share first = budget.open();
        MemoryBudget.Share second = budget.open();
        MemoryBudget.Share third = budget.open();
        for (MemoryBudget.Share each : new MemoryBudget.Share[] {first, second, third}) {
            each.take(ALLOWANCE + POOL / 3);
        }
        first.giveBack(POOL / 3);
        MemoryBudget.Share fourth = budget.open();
        fourth.take(ALLOWANCE + POOL / 3);
        refused(() -> first.take(1), "Other publishes");
        second.close();
        second.close();
        third.close();
        first.take(POOL / 3);

        MemoryBudget.Share fifth = budget.open();
        fifth.take(ALLOWANCE + POOL / 3);
        refused(() -> budget.open().take(ALLOWANCE + 1), "Other publishes");
    }

    @Test
    void aRefusedRunHasTakenNothing() throws Exception {
        MemoryBudget.Share run = budget.open();
        refused(() -> run.take(10 * POOL), "one publish may take");

        run.take(ALLOWANCE + POOL / 3);
        run.close();
        run.take(ALLOWANCE + POOL / 3);
    }

    @Test
    void theAllowancesOfManyRunsAreSmall() throws Exception {
        long heap = Runtime.getRuntime().maxMemory();
        MemoryBudget many = MemoryBudget.ofHeap(1_000);
        long sum = 0;
        for (int run = 0; run < 1_000; run++) {
            MemoryBudget.Share each = many.open();
            while (true) {
                try {
                    each.take(8 * 1024);
                    sum += 8 * 1024;
                } catch (RefusedException e) {
                    break;
                }
            }
        }
        assertThat(sum).isLessThan(heap / 4);
    }
}
