package dev.sessionpublish.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.publish.plan.PullRequestText;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeptTextTest {
    private static final String GATHERED = "pullRequestText";

    private static PullRequestText text(SessionPublish publish) {
        return ManualPullRequests.text(Run.begin(publish, Optional.empty(), StoredPublish.CLOCK));
    }

    private static String title(SessionPublish publish) {
        return text(publish).title();
    }

    private static String body(SessionPublish publish) {
        return text(publish).body();
    }

    @Test
    void whatTheSpecSaysGoesWithoutWhatCanNotBeSeen() {
        SessionPublish publish = new StoredPublish()
                .spec("title", "Fix \u202etxt.exe\u202c now")
                .spec("body", "One\u200b two\n\nthree\u2066")
                .publish();

        assertThat(title(publish)).isEqualTo("Fix txt.exe now");
        assertThat(body(publish)).isEqualTo("One two\n\nthree");
    }

    @Test
    void aTitleOfWhichNothingCanBeSeenIsNone() {
        SessionPublish publish = new StoredPublish()
                .spec("title", "\u200b\u2060")
                .spec("body", "\u200b")
                .status(GATHERED, Map.of("title", "Add a page", "body", "- Add a page"))
                .publish();

        assertThat(title(publish)).isEqualTo("Add a page");
        assertThat(body(publish)).isEqualTo("- Add a page");
    }
}
