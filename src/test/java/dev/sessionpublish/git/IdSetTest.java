package dev.sessionpublish.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sessionpublish.outcome.RefusedException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IdSetTest {
    private static byte[] id(ObjectFormat format, int number) {
        return ByteBuffer.allocate(format.bytes())
                .putInt(format.bytes() - Integer.BYTES, number)
                .array();
    }

    @ParameterizedTest
    @EnumSource
    void itHoldsWhatASetOfTheLibraryHolds(ObjectFormat format) throws Exception {
        IdSet ids = new IdSet(format, GitBytes.memory());
        Set<Integer> expected = new HashSet<>();
        Random random = new Random(5);
        for (int n = 0; n < 200_000; n++) {
            int number = 1 + random.nextInt(3_000);
            byte[] id = id(format, number);
            if (random.nextInt(5) < 2) {
                assertThat(ids.remove(id)).isEqualTo(expected.remove(number));
            } else {
                assertThat(ids.add(id, 0)).isEqualTo(expected.add(number));
            }
            if (ids.size() != expected.size()) {
                assertThat(ids.size()).isEqualTo(expected.size());
            }
        }
        for (int number = 1; number <= 3_000; number++) {
            assertThat(ids.contains(id(format, number))).isEqualTo(expected.contains(number));
        }
    }

    @Test
    void theZeroIdIsNeverAMember() throws Exception {
        IdSet ids = new IdSet(ObjectFormat.SHA1, GitBytes.memory());

        assertThat(ids.add(new byte[20], 0)).isFalse();
        assertThat(ids.contains(new byte[20])).isFalse();
        assertThat(ids.remove(new byte[20])).isFalse();
        assertThat(ids.size()).isZero();
    }

    @Test
    void itIsFullBeforeTheMemoryOfTheRunIsExceeded() throws Exception {
        MemoryBudget.Share memory = new MemoryBudget(100_000, 0).open("team");
        IdSet ids = new IdSet(ObjectFormat.SHA1, memory);
        int number = 1;
        while (!ids.isFull()) {
            ids.add(id(ObjectFormat.SHA1, number++), 0);
        }

        assertThat(ids.size()).isBetween(1_000, 5_000);
        assertThatThrownBy(() -> ids.add(id(ObjectFormat.SHA1, 0x7fffffff), 0)).isInstanceOf(RefusedException.class);
        assertThat(ids.contains(id(ObjectFormat.SHA1, 1))).isTrue();
        ids.release();
        assertThat(memory.allows(100_000)).isTrue();
    }
}
