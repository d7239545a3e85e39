package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.embedded.RealGit;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.gitea.GiteaRepository;
import java.io.IOException;
import java.util.List;

/**
 * A namespace with one repository at Gitea; what people do there, and what the forge shows them.
 *
 * @param team for what has nothing to do with the forge
 * @param gitea the repository as the administrator sees it
 * @param authority by which the project names the forge
 * @param writer a user who may write to the repository
 * @param token the writer's
 */
record GiteaTeam(GiteaWorld world, Team team, GiteaRepository gitea, String authority, String writer, String token) {
    /** What a publish with a pull request tells, step by step. */
    static final List<String> STEPS =
            List.of("git.push.started", "git.push.succeeded", "git.pr.started", "git.pr.succeeded");

    String namespace() {
        return team.namespace();
    }

    String repository() {
        return team.repository();
    }

    /** As a project names it. */
    String url() {
        return "https://" + authority + "/" + repository();
    }

    /** The Secret and the project {@code web}. */
    void registerProject() throws IOException {
        registerProject(token, "");
    }

    /** @param more of the spec, as YAML lines indented by two */
    void registerProject(String secret, String more) throws IOException {
        secret(secret);
        team.apply("""
                apiVersion: sessionpublish.dev/v1alpha1
                kind: SessionProject
                metadata: {namespace: %s, name: web}
                spec:
                  repository: %s
                  forge: Gitea
                  credentialsSecret: {name: web}
                %s
                """.formatted(namespace(), url(), more));
    }

    /** The project's Secret holds this token from now on. */
    void secret(String value) throws IOException {
        team.apply("""
                apiVersion: v1
                kind: Secret
                metadata: {namespace: %s, name: web}
                stringData: {token: "%s"}
                """.formatted(namespace(), value));
    }

    /** A clone on the node's disk, where the pod mounts it. */
    SandboxCheckout checkout() {
        return SandboxCheckout.cloneOf(
                world.gitea().bare(gitea), team.workspace().resolve("repo"));
    }

    /** The checkout, with one commit on the branch {@code agent/fix}, in a pod that runs. */
    SandboxCheckout workInAPod() throws IOException {
        SandboxCheckout checkout = checkout().branch("agent/fix").commit("Fix the login form", "login.html", "<form>");
        team.startPod();
        return checkout;
    }

    /** As a person asks for another run. */
    void publishAgain(String name) {
        team.kubectl(
                0,
                "annotate",
                "spub",
                name,
                "-n",
                namespace(),
                "--overwrite",
                "sessionpublish.dev/retry-at=" + System.nanoTime());
    }

    /** Which commits the branch has pointed at, the newest first. */
    List<String> updates(String branch) {
        return RealGit.in(world.gitea().bare(gitea))
                .run("reflog", "show", "--format=%H", "refs/heads/" + branch)
                .lines()
                .toList();
    }

    void assertPublishedOnce(String name, String commit) throws IOException {
        SessionPublish publish = team.awaitEnd(name);
        assertThat(publish.getStatus().phase()).as("%s", publish.getStatus()).hasToString("PullRequestCreated");
        assertThat(publish.getStatus().commit()).isEqualTo(commit);
        assertThat(updates("agent/fix")).containsExactly(commit);
        assertThat(gitea.tip("agent/fix")).contains(commit);
        assertThat(gitea.pulls()).singleElement().satisfies(pull -> {
            assertThat(pull.at("/state").asText()).isEqualTo("open");
            assertThat(pull.at("/head/sha").asText()).isEqualTo(commit);
            assertThat(pull.at("/html_url").asText())
                    .isEqualTo(publish.getStatus().pullRequest().url().replace(authority, forge()));
        });
        assertThat(Team.history(publish)).isEqualTo(STEPS);
        assertThat(team.events(name)).isEqualTo(STEPS);
    }

    private String forge() {
        return world.gitea().authority();
    }
}
