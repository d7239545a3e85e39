package dev.sessionpublish.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sessionpublish.gitea.GiteaAdmin;
import dev.sessionpublish.gitea.GiteaRepository;
import dev.sessionpublish.gitea.GiteaSettings;
import dev.sessionpublish.http.PercentEncoding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A running Gitea or Forgejo, with an organization for the demo that has one public repository and one user who may
 * write there. {@link #close} deletes all of them. Everything shown of the forge comes from its REST API.
 */
final class RunningGitea implements DemoForge {
    private final GiteaSettings settings;
    private final GiteaAdmin admin;
    private final GiteaRepository repository;
    private final String user;
    private String token = "";
    private String pushToken = "";

    private RunningGitea(GiteaSettings settings, String run) {
        this.settings = settings;
        this.admin = GiteaAdmin.open(settings);
        this.repository = new GiteaRepository(admin, "session-publish-demo-" + run, "web");
        this.user = "agent-bot-" + run;
    }

    /** @throws IOException with what it refused; nothing is left there then */
    static RunningGitea start(GiteaSettings settings) throws IOException {
        String run = Long.toString(System.currentTimeMillis(), 36);
        var gitea = new RunningGitea(settings, run);
        try {
            gitea.furnish();
            return gitea;
        } catch (IOException e) {
            gitea.close();
            throw e;
        }
    }

    private void furnish() throws IOException {
        admin.createOrganization(repository.owner());
        admin.createRepository(repository.owner(), repository.name(), Map.of());
        admin.createUser(user);
        repository.addCollaborator(user, "write");
        token = admin.createToken(user, "write:repository", "write:issue");
        pushToken = admin.createToken(user, "write:repository");
    }

    @Override
    public String introduction() {
        return """
                The operator that runs here is the real one, and so are git and the forge, a running
                Gitea. Only the cluster is a stand-in in this process, gone when the demo ends: an API
                server (no scheduler, no kubelet: a pod is a directory, an exec is a process in it).
                In Gitea the demo makes an organisation, a user and a repository, and deletes them in
                the end. It plays the same scenes as on the stand-in for GitHub. Starting takes a few
                seconds ...""";
    }

    @Override
    public List<String> whereabouts() {
        return List.of("Gitea          " + repositoryUrl(), "its API        " + settings.api());
    }

    @Override
    public String entry() {
        return settings.forgesEntry();
    }

    @Override
    public String repositoryUrl() {
        return repository.url();
    }

    @Override
    public String cloneUrl() {
        return repositoryUrl();
    }

    @Override
    public Map<String, String> cloneEnvironment() {
        return settings.ca().map(ca -> Map.of("GIT_SSL_CAINFO", ca.toString())).orElse(Map.of());
    }

    @Override
    public String token() {
        return token;
    }

    @Override
    public String pushToken() {
        return pushToken;
    }

    @Override
    public Optional<String> tip(String branch) throws IOException {
        return repository.tip(branch);
    }

    @Override
    public Shown log(String branch) throws IOException {
        String path = "/commits?sha=" + PercentEncoding.of(branch) + "&not=main&stat=false";
        List<String> lines = new ArrayList<>();
        for (JsonNode each : repository.call("GET", path, Map.of())) {
            JsonNode commit = each.path("commit");
            lines.add("%s %s (%s)"
                    .formatted(
                            each.path("sha").asText().substring(0, 7),
                            commit.path("message").asText().lines().findFirst().orElse(""),
                            commit.path("author").path("name").asText()));
        }
        return new Shown(
                "curl -s " + settings.ca().map(ca -> "--cacert \"$FORGE_CA\" ").orElse("") + "\"$FORGE_API"
                        + repository.api() + path
                        + "\" | jq -r '.[] | \"\\(.sha[:7]) \\(.commit.message | split(\"\\n\")[0])"
                        + " (\\(.commit.author.name))\"'",
                String.join("\n", lines));
    }

    @Override
    public void humanPushes(String branch, String message) throws IOException {
        String text = Base64.getEncoder().encodeToString("Spelt right.\n".getBytes(StandardCharsets.UTF_8));
        repository.call(
                "POST",
                "/contents/SPELLING.md",
                Map.of(
                        "branch",
                        branch,
                        "content",
                        text,
                        "message",
                        message,
                        "author",
                        Map.of("name", "A Person", "email", "person@example.com")));
    }

    @Override
    public List<Pull> pulls() throws IOException {
        return repository.pulls().stream().map(RunningGitea::pull).toList();
    }

    private static Pull pull(JsonNode from) {
        String head = from.path("head").path("ref").asText();
        String base = from.path("base").path("ref").asText();
        String text = """
                number    %s
                state     %s
                html_url  %s
                title     %s
                user      %s
                head      %s, %s
                base      %s
                body

                %s""".formatted(
                        from.path("number").asText(),
                        from.path("state").asText(),
                        from.path("html_url").asText(),
                        from.path("title").asText(),
                        from.path("user").path("login").asText(),
                        head,
                        from.path("head").path("sha").asText(),
                        base,
                        from.path("body").asText().stripTrailing().indent(2));
        return new Pull(
                from.path("number").asInt(),
                from.path("state").asText().equals("open"),
                head,
                base,
                from.path("title").asText(),
                from.path("html_url").asText(),
                text);
    }

    @Override
    public String teller() {
        return "The pull request, as Gitea's API shows it:";
    }

    @Override
    public String lookAt(String branch) {
        return "git " + settings.ca().map(ca -> "-c http.sslCAInfo=" + ca + " ").orElse("") + "ls-remote "
                + repositoryUrl() + " " + branch;
    }

    /** Deletes what was created; what does not exist is ignored. */
    @Override
    public void close() throws IOException {
        for (String path :
                List.of(repository.api(), "/orgs/" + repository.owner(), "/admin/users/" + user + "?purge=true")) {
            admin.attempt("DELETE", path, Map.of());
        }
        admin.close();
    }
}
