package dev.sessionpublish.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataSizeTest {

    @ParameterizedTest
    @CsvSource({"0KiB,0", "1KiB,1024", "3MiB,3145728", "2GiB,2147483648", "1536MiB,1610612736"})
    void aSizeIsReadInBinaryUnits(String text, long bytes) {
        assertThat(DataSize.parse(text)).isEqualTo(new DataSize(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1", "1 GiB", "1GB", "-1KiB", "1.5GiB", "1gib", "9999999999GiB", "99999999999KiB", "٣KiB"})
    void whatIsNoSizeIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> DataSize.parse(text));
    }

    @Test
    void aSizeIsWrittenInTheLargestUnitThatHoldsItExactly() {
        assertThat(new DataSize(1L << 31)).hasToString("2GiB");
        assertThat(new DataSize(1536 << 20)).hasToString("1536MiB");
        assertThat(new DataSize(1025)).hasToString("1025 bytes");
        assertThat(new DataSize(0)).hasToString("0 bytes");
    }

    @Test
    void aNegativeSizeDoesNotExist() {
        assertThatIllegalArgumentException().isThrownBy(() -> new DataSize(-1));
    }
}
