package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.SandboxCheckout;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PublishIT extends OperatorScenario {
    @Test
    void committedWorkBecomesABranchAndAPullRequest() throws Exception {
        world.registerProject();
        SandboxCheckout checkout = world.sandbox("s1")
                .branch("agent/fix-login")
                .commit("Fix the login form", Map.of("login.html", "<form>"));
        world.publish("fix-login", "s1", "");

        SessionPublish publish = world.awaitEnd("fix-login");

        assertThat(publish.getStatus().phase())
                .as(String.valueOf(publish.getStatus()))
                .isEqualTo(Phase.PullRequestCreated);
        assertThat(world.git().tip(EmbeddedWorld.REPOSITORY, "agent/fix-login")).contains(checkout.head());
        assertThat(world.gitHub().pulls(EmbeddedWorld.REPOSITORY)).hasSize(1);
        assertThat(publish.getStatus().history())
                .extracting(each -> each.type())
                .isEqualTo(List.of("git.push.started", "git.push.succeeded", "git.pr.started", "git.pr.succeeded"));
    }
}
