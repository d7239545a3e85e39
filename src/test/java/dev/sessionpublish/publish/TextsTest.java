package dev.sessionpublish.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TextsTest {
    private static final String GATHERED = "pullRequestText";

    private static String title(SessionPublish publish) {
        return Texts.title(publish, new PublishStatus(publish, StoredPublish.CLOCK));
    }

    private static String body(SessionPublish publish) {
        return Texts.body(publish, new PublishStatus(publish, StoredPublish.CLOCK));
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
