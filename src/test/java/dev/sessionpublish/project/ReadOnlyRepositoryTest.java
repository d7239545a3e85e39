package dev.sessionpublish.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.forge.Forge.Condition;
import dev.sessionpublish.forge.ForgeKind;
import dev.sessionpublish.git.RepositoryUrl;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.publish.ReasonByName;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadOnlyRepositoryTest {
    private static Optional<RefusedException> why(Condition condition) {
        return ReadOnlyRepository.why(
                new RepositoryUrl("git.example.com", "acme", "web"), ForgeKind.FORGEJO, condition);
    }

    @ParameterizedTest
    @CsvSource({
        "ARCHIVED, ARCHIVED, Unarchive it",
        "MIRROR, READ_ONLY, the repository that it mirrors",
        "DISABLED, READ_ONLY, Forgejo has disabled https://git.example.com/acme/web"
    })
    void theMessageSaysWhatTheRepositoryIsAndWhatToDo(Condition condition, @ReasonByName Reason reason, String said) {
        assertThat(why(condition)).hasValueSatisfying(refused -> {
            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(refused).hasMessageContainingAll("https://git.example.com/acme/web", said);
        });
    }

    @Test
    void anyOtherRepositoryTakesPushes() {
        assertThat(why(Condition.ACTIVE)).isEmpty();
    }
}
