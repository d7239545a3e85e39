package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.gitea.GiteaRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A team whose repository is at a real Gitea. */
final class GiteaTeam extends Team {
    private final GiteaWorld gitea;
    private final GiteaRepository atForge;
    private final String authority;
    private final String writer;
    private final String token;

    /**
     * @param authority by which the project names the forge
     * @param writer a user who may write to the repository
     * @param token the writer's
     */
    GiteaTeam(
            GiteaWorld gitea,
            String namespace,
            GiteaRepository atForge,
            String authority,
            String writer,
            String token) {
        super(gitea.cluster(), namespace, atForge.path());
        this.gitea = gitea;
        this.atForge = atForge;
        this.authority = authority;
        this.writer = writer;
        this.token = token;
    }

    /** The repository as the administrator sees it. */
    GiteaRepository atForge() {
        return atForge;
    }

    String writer() {
        return writer;
    }

    @Override
    String token() {
        return token;
    }

    @Override
    String url() {
        return "https://" + authority + "/" + repository();
    }

    @Override
    String projectYaml() {
        return super.projectYaml() + "  forge: Gitea\n";
    }

    @Override
    Path bare() {
        return gitea.server().bare(atForge);
    }

    @Override
    Optional<String> tip(String branch) throws IOException {
        return atForge.tip(branch);
    }

    List<JsonNode> pulls() throws IOException {
        return atForge.pulls();
    }

    /** Only behind the proxy. */
    @Override
    Fault faultOfPush(Function<Fault.Match, Fault> what) {
        return gitea.proxy().fault(what.apply(Fault.on("POST", receivePack())));
    }

    @Override
    void assertOnePullRequest(SessionPublish publish) throws IOException {
        assertThat(pulls()).singleElement().satisfies(pull -> {
            assertThat(pull.at("/state").asText()).isEqualTo("open");
            assertThat(pull.at("/head/sha").asText())
                    .isEqualTo(publish.getStatus().commit());
            assertThat(pull.at("/html_url").asText())
                    .isEqualTo(publish.getStatus()
                            .pullRequest()
                            .url()
                            .replace(authority, gitea.server().authority()));
        });
    }
}
