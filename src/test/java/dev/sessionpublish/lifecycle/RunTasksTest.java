package dev.sessionpublish.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import dev.sessionpublish.telemetry.Traces;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

@Timeout(60)
class RunTasksTest {
    private final TaskThreads threads = new TaskThreads(2, Traces.OFF::carried);
    private final RunTasks tasks = threads.begin();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);

    @AfterEach
    void end() {
        mayEnd.countDown();
        tasks.close();
        MDC.clear();
        assertThat(Thread.interrupted()).isFalse();
    }

    private String held() {
        begun.countDown();
        try {
            mayEnd.await();
            return "ended";
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static RunTasks.Work<String> refusing() {
        return () -> {
            throw new RefusedException(SharedReason.NETWORK, "no");
        };
    }

    @Test
    void aTaskIsDoneBesideTheThreadThatStartsIt() throws Exception {
        RunTask<String> task = tasks.start(this::held);
        begun.await();
        mayEnd.countDown();

        assertThat(task.await()).isEqualTo("ended");
        assertThat(task.await()).isEqualTo("ended");
    }

    @Test
    void aTaskForWhichNoThreadIsFreeIsDoneByTheOneThatWaitsForIt() throws Exception {
        RunTasks others = threads.begin();
        others.start(this::held);
        others.start(this::held);
        begun.await();

        assertThat(tasks.start(Thread::currentThread).await()).isSameAs(Thread.currentThread());

        mayEnd.countDown();
        others.close();
    }

    @Test
    void aRefusalIsThatOfTheTask() {
        RunTask<String> task = tasks.start(refusing());

        assertThatThrownBy(task::await).isInstanceOf(RefusedException.class);
        assertThat(task.hasFailed()).isTrue();
    }

    @Test
    void whatFollowsAFailureIsNotDone() {
        AtomicBoolean done = new AtomicBoolean();
        RunTask<String> first = tasks.start(refusing());
        RunTask<String> next = tasks.startAfter(List.of(first), () -> {
            done.set(true);
            return "done";
        });

        assertThatThrownBy(next::await).isInstanceOf(RefusedException.class);
        assertThat(done).isFalse();
    }

    @Test
    void tasksThatFollowOneAnotherAreDoneInOrderHoweverFewThreadsThereAre() throws Exception {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        RunTask<Boolean> last = tasks.start(() -> order.add(0));
        for (int n = 1; n < 20; n++) {
            int number = n;
            last = tasks.startAfter(List.of(last), () -> order.add(number));
        }

        last.await();

        assertThat(order).hasSize(20).isSorted();
    }

    @Test
    void closingInterruptsATaskAndWaitsForItsEnd() throws Exception {
        RunTask<String> task = tasks.start(this::held);
        begun.await();

        tasks.close();

        assertThatThrownBy(task::await).hasMessage("interrupted");
    }

    @Test
    void whatWasOpenedAndNotTakenIsClosed() throws Exception {
        List<String> closed = new ArrayList<>();
        tasks.open(() -> "taken", closed::add).await();
        RunTask<String> open = tasks.open(this::held, closed::add);
        begun.await();
        mayEnd.countDown();

        tasks.close();

        assertThat(closed).containsExactly("ended");
        assertThat(open.hasFailed()).isFalse();
    }

    @Test
    void aTaskHasTheLogContextOfTheThreadThatStartsIt() throws Exception {
        MDC.put("resource.name", "s7");
        RunTask<String> task = tasks.start(() -> {
            held();
            return MDC.get("resource.name");
        });
        begun.await();
        MDC.clear();
        mayEnd.countDown();

        assertThat(task.await()).isEqualTo("s7");
        assertThat(tasks.start(() -> String.valueOf(MDC.get("resource.name"))).await())
                .isEqualTo("null");
    }
}
