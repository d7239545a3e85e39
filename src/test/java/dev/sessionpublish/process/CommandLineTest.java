package dev.sessionpublish.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

    @Test
    void withoutArgumentsTheOperatorStarts() {
        assertThat(CommandLine.answer()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-h", "--help"})
    void theUsageSaysWhatItIsAndWhereTheSettingsAreListed(String argument) {
        assertThat(CommandLine.answer(argument)).hasValueSatisfying(answer -> {
            assertThat(answer.exitCode()).isZero();
            assertThat(answer.text())
                    .startsWith("Session Publish Operator ")
                    .contains("SessionPublish", "docs/settings.md", "KUBECONFIG", "--version")
                    .doesNotContain("VERSION]")
                    .endsWith("\n");
        });
    }

    @Test
    void theVersionIsALineOfItsOwn() {
        assertThat(CommandLine.answer("--version")).hasValueSatisfying(answer -> {
            assertThat(answer.exitCode()).isZero();
            assertThat(answer.text().lines()).hasSize(1);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "help", "--namespaces=team", "--help me"})
    void anythingElseIsRefusedAsAnInvalidSettingIs(String arguments) {
        assertThat(CommandLine.answer(arguments.split(" "))).hasValueSatisfying(answer -> {
            assertThat(answer.exitCode()).isEqualTo(2);
            assertThat(answer.text()).startsWith("Unknown arguments: ").contains(arguments, "--help");
        });
    }
}
