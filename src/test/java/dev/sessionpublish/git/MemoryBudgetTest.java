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
        MemoryBudget.Share greedy = budget.open("team");
        greedy.take(ALLOWANCE + POOL / 3);

        assertThat(greedy.allows(1)).isFalse();
        refused(() -> greedy.take(1), "one publish may take");
    }

    @Test
    void everyRunHasItsAllowanceWhateverTheOthersTook() throws Exception {
        for (int n = 0; n < 3; n++) {
            budget.open("team" + n).take(ALLOWANCE + POOL / 3);
        }
        MemoryBudget.Share honest = budget.open("team");
        honest.take(ALLOWANCE);

        refused(() -> honest.take(1), "The operator retries");
    }

    @Test
    void whatIsGivenBackIsThereForOthers() throws Exception {
        MemoryBudget.Share first = budget.open("first");
        MemoryBudget.Share second = budget.open("second");
        MemoryBudget.Share third = budget.open("third");
        for (MemoryBudget.Share each : new MemoryBudget.Share[] {first, second, third}) {
            each.take(ALLOWANCE + POOL / 3);
        }
        first.giveBack(POOL / 3);
        MemoryBudget.Share fourth = budget.open("fourth");
        fourth.take(ALLOWANCE + POOL / 3);
        refused(() -> first.take(1), "Other publishes");
        second.close();
        second.close();
        third.close();
        first.take(POOL / 3);

        MemoryBudget.Share fifth = budget.open("fifth");
        fifth.take(ALLOWANCE + POOL / 3);
        refused(() -> budget.open("team").take(ALLOWANCE + 1), "Other publishes");
    }

    @Test
    void theRunsOfOneNamespaceTakeHalfOfThePool() throws Exception {
        MemoryBudget.Share first = budget.open("team");
        MemoryBudget.Share second = budget.open("team");
        first.take(ALLOWANCE + POOL / 3);
        second.take(ALLOWANCE + POOL / 6);
        refused(() -> second.take(1), "those of this namespace use half");
        budget.open("team").take(ALLOWANCE);
        budget.open("other").take(ALLOWANCE + POOL / 3);

        first.close();
        second.take(POOL / 6);
    }

    @Test
    void aRefusedRunHasTakenNothing() throws Exception {
        MemoryBudget.Share run = budget.open("team");
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
            MemoryBudget.Share each = many.open("team" + run);
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
