package dev.sessionpublish.forge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DraftTitleTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Add it | Add it | WIP: Add it",
                "WIP: Add it | Add it | WIP: Add it",
                "wip:Add it | Add it | wip:Add it",
                "[WIP] Add it | Add it | [WIP] Add it",
                "[wip]WIP: WIP: Add it | Add it | [wip]WIP: WIP: Add it",
                "WIP Add it | WIP Add it | WIP: WIP Add it",
                "Add WIP: it | Add WIP: it | WIP: Add WIP: it",
                "WIP: [WIP] | fix/1 | WIP: [WIP]",
            })
    void theTitleSaysWhatDraftSaysWhereTheForgeReadsIt(String title, String ready, String draft) {
        for (ForgeKind kind : new ForgeKind[] {ForgeKind.GITEA, ForgeKind.FORGEJO}) {
            assertThat(DraftTitle.of(kind, title, false, "fix/1")).isEqualTo(ready);
            assertThat(DraftTitle.of(kind, title, true, "fix/1")).isEqualTo(draft);
        }
    }

    @Test
    void gitHubDoesNotReadIt() {
        assertThat(DraftTitle.of(ForgeKind.GITHUB, "WIP: Add it", false, "fix/1"))
                .isEqualTo("WIP: Add it");
        assertThat(DraftTitle.of(ForgeKind.GITHUB, "Add it", true, "fix/1")).isEqualTo("Add it");
    }
}
