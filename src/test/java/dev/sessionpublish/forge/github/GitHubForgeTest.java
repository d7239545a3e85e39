package dev.sessionpublish.forge.github;

import dev.sessionpublish.embedded.GitHubPull;
import dev.sessionpublish.forge.Forge;
import dev.sessionpublish.forge.ForgeContract;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GitHubForgeTest extends ForgeContract {
    @AutoClose
    private GitHubScene scene;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        scene = GitHubScene.start(directory);
    }

    @BeforeEach
    void anew() throws Exception {
        scene.anew();
    }

    @Override
    protected String repository() {
        return GitHubScene.REPOSITORY;
    }

    @Override
    protected Forge forge() throws Exception {
        return scene.forge(GitHubScene.REPOSITORY, GitHubScene.WRITER);
    }

    @Override
    protected Forge reading() throws Exception {
        return scene.forge(GitHubScene.REPOSITORY, GitHubScene.READER);
    }

    @Override
    protected Forge readOnly() throws Exception {
        return reading();
    }

    @Override
    protected void revoke() {
        scene.gitHub().revoke(GitHubScene.WRITER);
    }

    @Override
    protected Forge strange() throws Exception {
        return scene.forge(GitHubScene.REPOSITORY, GitHubScene.STRANGER);
    }

    @Override
    protected Forge missing() throws Exception {
        return scene.forge("acme/nothing", GitHubScene.WRITER);
    }

    @Override
    protected String commitTo(String branch, String message) throws Exception {
        return scene.origin().commitTo(branch, message);
    }

    @Override
    protected String authority() {
        return "git.example.com";
    }

    @Override
    protected String commitFile(String branch, String file, String content) {
        return scene.origin().commitFile(branch, file, content);
    }

    @Override
    protected void report(String commit, int number, String context, String state) {
        scene.gitHub()
                .repository(GitHubScene.REPOSITORY)
                .state(number)
                .status(commit, context, state.toUpperCase(Locale.ROOT));
    }

    @Override
    protected void requestChanges(int number) {
        scene.gitHub().repository(GitHubScene.REPOSITORY).state(number).review("CHANGES_REQUESTED");
    }

    @Override
    protected void reopen(int number) throws Exception {
        scene.patch(number, "{\"state\":\"open\"}");
    }

    @Override
    protected void branch(String name) throws Exception {
        scene.origin().branch(name);
    }

    @Override
    protected void rename(String newName) throws Exception {
        scene.gitHub().rename(GitHubScene.REPOSITORY, "acme/" + newName);
    }

    @Override
    protected void disablePullRequests() {
        scene.gitHub().repository(GitHubScene.REPOSITORY).pullRequests(false);
    }

    @Override
    protected void close(int number) throws Exception {
        scene.patch(number, "{\"state\":\"closed\"}");
    }

    @Override
    protected void merge(int number) throws Exception {
        scene.merge(number);
    }

    @Override
    protected void archive() {
        scene.gitHub().repository(GitHubScene.REPOSITORY).archived(true);
    }

    @Override
    protected List<String> textOf(int number) {
        GitHubPull pull = scene.pull(number);
        return List.of(pull.title(), pull.body());
    }

    @Override
    protected List<List<String>> additionsOf(int number) {
        GitHubPull pull = scene.pull(number);
        return List.of(pull.labels(), pull.reviewers(), pull.assignees());
    }

    @Override
    protected String team() {
        return "core";
    }

    @Override
    protected List<String> teamsOf(int number) {
        return scene.pull(number).teams();
    }

    @Override
    protected List<String> secrets() {
        return List.of(GitHubScene.WRITER, GitHubScene.READER, GitHubScene.STRANGER);
    }
}
