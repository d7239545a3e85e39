package dev.sessionpublish.demo;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.cluster.AuditEntry;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is shown, in the order of the quickstart. Each scene says what it saw, and checks that it is so. */
final class Scenes {
    private static final String BRANCH = "agent/fix-login";

    private final DemoWorld world;
    private final DemoForge forge;
    private final Kubectl kubectl;
    private final Narrator narrator;

    Scenes(DemoWorld world, Kubectl kubectl, Narrator narrator) {
        this.world = world;
        this.forge = world.forge();
        this.kubectl = kubectl;
        this.narrator = narrator;
    }

    void play() throws Exception {
        register();
        work();
        pullRequest();
        moreWork();
        pushOnly();
        handOver();
        humansCommit();
        protectedBranch();
        secrecy();
    }

    private void register() throws Exception {
        narrator.scene("A project: where sessions of a namespace may publish to");
        narrator.say("REPOSITORY is " + forge.repositoryUrl() + ", TOKEN a token that may push there and open\n"
                + "pull requests. Both stay with the project; no sandbox ever sees the token.");
        kubectl.createNamespace();
        kubectl.createSecret("web", "token", forge.token());
        kubectl.apply("project.yaml");
        boolean ready = kubectl.awaitReady("web");
        kubectl.getTable("sessionprojects", "sproj", "web");
        narrator.pause();
        narrator.check("the project is ready, and its default branch was found out", ready);
    }

    private void work() throws Exception {
        narrator.scene("A sandbox: an agent works and commits");
        kubectl.apply("sandbox.yaml");
        world.runPod("s1");
        narrator.say("Here the pod is a plain directory, " + world.podRoot() + ".");
        narrator.command("cat docs/quickstart/agent.sh");
        narrator.output(Files.readString(Kubectl.FILES.resolve("agent.sh")));
        narrator.command(
                "kubectl -n agents exec -i s1 -- sh -s \"$REPOSITORY\" /workspace/repo " + "<docs/quickstart/agent.sh");
        narrator.output(world.playAgent(Kubectl.FILES.resolve("agent.sh")));
        narrator.pause();
        narrator.check(
                "the branch is in the sandbox and not yet at the remote",
                tip(BRANCH).isEmpty());
    }

    private void pullRequest() throws Exception {
        narrator.scene("A publish: the work becomes a branch and a pull request");
        kubectl.apply("publish.yaml");
        SessionPublish publish = kubectl.follow("fix-login");
        kubectl.getTable("sessionpublishes", "spub", "fix-login");
        remoteLog(BRANCH);
        pulls();
        narrator.pause();
        expect(publish, Phase.PullRequestCreated, null);
        narrator.check(
                "the branch at the remote is the commit that the agent made",
                tip(BRANCH).equals(Optional.of(world.checkout().head())));
        List<DemoForge.Pull> pulls = forge.pulls();
        narrator.check(
                "there is one pull request, from " + BRANCH + " to main, with the title of the publish;"
                        + " its address is the one in the status",
                pulls.size() == 1
                        && pulls.get(0).open()
                        && pulls.get(0).joins(BRANCH, "main")
                        && pulls.get(0)
                                .url()
                                .equals(publish.getStatus().pullRequest().url())
                        && pulls.get(0).title().equals("Keep passwords out of URLs"));
    }

    private void moreWork() throws Exception {
        narrator.scene("More work: the same branch, the same pull request");
        narrator.say("The agent commits once more; a new value of the annotation starts the publish again.");
        world.checkout().commit("Label the fields of the login form", "login.html", "<form method=\"post\">\n");
        kubectl.retry("fix-login");
        SessionPublish publish = kubectl.follow("fix-login");
        remoteLog(BRANCH);
        pulls();
        narrator.pause();
        expect(publish, Phase.PullRequestCreated, null);
        narrator.check(
                "the branch at the remote has followed",
                tip(BRANCH).equals(Optional.of(world.checkout().head())));
        narrator.check(
                "it is still pull request #1, not a second one",
                forge.pulls().size() == 1 && publish.getStatus().pullRequest().number() == 1);
    }

    private void pushOnly() throws Exception {
        narrator.scene("Push only: a branch and no pull request");
        kubectl.apply("push-only.yaml");
        SessionPublish publish = kubectl.follow("backup");
        kubectl.getTable("sessionpublishes", "spub", "backup");
        remoteLog("backup/fix-login");
        narrator.pause();
        expect(publish, Phase.Pushed, null);
        narrator.check(
                "the branch is there, and no pull request was opened for it",
                tip("backup/fix-login").isPresent() && forge.pulls().size() == 1);
    }

    private void handOver() throws Exception {
        narrator.scene("No right to open pull requests: a link for a person");
        narrator.say("This project's Secret has a push-token and no token for pull requests.");
        kubectl.createSecret("web-push", "push-token", forge.pushToken());
        kubectl.apply("handover.yaml");
        SessionPublish publish = kubectl.follow("handover");
        kubectl.getTable("sessionpublishes", "spub", "handover");
        SessionPublishStatus.ManualPullRequest manual = publish.getStatus().manualPullRequest();
        jsonPath("handover", ".status.manualPullRequest.url", manual == null ? "" : manual.url());
        jsonPath("handover", ".status.manualPullRequest.command", manual == null ? "" : manual.command());
        narrator.pause();
        expect(publish, Phase.ManualPullRequestRequired, "missing-credentials");
        narrator.check(
                "the work is pushed all the same",
                tip("handover/fix-login").equals(Optional.of(world.checkout().head())));
        narrator.check(
                "the link leads to the form for this very pair of branches",
                manual != null
                        && manual.url()
                                .startsWith(forge.repositoryUrl() + "/compare/main...handover/fix-login?expand=1"));
    }

    private void humansCommit() throws Exception {
        narrator.scene("Refused: a person's commit on the branch is not overwritten");
        narrator.say("Somebody pushes to " + BRANCH + " while the agent, who doesn't know of it, commits again.");
        forge.humanPushes(BRANCH, "Mend the agent's spelling");
        String human = tip(BRANCH).orElseThrow();
        world.checkout().commit("Focus the first field", "login.html", "<form method=\"post\" autofocus>\n");
        remoteLog(BRANCH);
        kubectl.retry("fix-login");
        SessionPublish publish = kubectl.follow("fix-login");
        kubectl.getTable("sessionpublishes", "spub", "fix-login");
        jsonPath("fix-login", ".status.message", publish.getStatus().message());
        narrator.pause();
        expect(publish, Phase.Failed, "non-fast-forward");
        narrator.check("the person's commit is still the tip", tip(BRANCH).equals(Optional.of(human)));
    }

    private void protectedBranch() throws Exception {
        narrator.scene("Refused: straight to main");
        String main = tip("main").orElseThrow();
        kubectl.apply("refused.yaml");
        SessionPublish publish = kubectl.follow("straight-to-main");
        kubectl.getTable("sessionpublishes", "spub", "straight-to-main");
        jsonPath("straight-to-main", ".status.message", publish.getStatus().message());
        narrator.pause();
        expect(publish, Phase.Failed, "protected-branch");
        narrator.check("main is where it was", tip("main").equals(Optional.of(main)));
    }

    private void secrecy() throws IOException {
        narrator.scene("What the sandbox never saw");
        List<String> secrets =
                List.of(forge.token(), forge.pushToken(), basic(forge.token()), basic(forge.pushToken()));
        String commands = world.cluster().audit().execs().stream()
                .map(AuditEntry::argv)
                .toList()
                .toString();
        String objects = Serialization.asYaml(List.of(
                kubectl.get("fix-login"),
                kubectl.get("backup"),
                kubectl.get("handover"),
                kubectl.get("straight-to-main")));
        narrator.pause();
        narrator.check("neither token is in a file of the sandbox", !world.sandboxHolds(secrets));
        narrator.check("nor in a command that was run there", secrets.stream().noneMatch(commands::contains));
        narrator.check("nor in a status", secrets.stream().noneMatch(objects::contains));
        narrator.check("nor in an event", secrets.stream().noneMatch(String.valueOf(kubectl.events())::contains));
        narrator.check(
                "nor in the operator's log", secrets.stream().noneMatch(Files.readString(world.log())::contains));
    }

    private static String basic(String token) {
        return Base64.getEncoder().encodeToString(("x-access-token:" + token).getBytes(StandardCharsets.UTF_8));
    }

    private void expect(SessionPublish publish, Phase phase, @Nullable String reason) {
        SessionPublishStatus status = publish.getStatus();
        narrator.check(
                "it has ended as " + phase + (reason == null ? "" : ", because of " + reason),
                status.phase() == phase && Objects.equals(status.reason(), reason));
    }

    private Optional<String> tip(String branch) throws IOException {
        return forge.tip(branch);
    }

    private void remoteLog(String branch) throws IOException {
        DemoForge.Shown log = forge.log(branch);
        narrator.command(log.command());
        narrator.output(log.output());
    }

    private void pulls() throws IOException {
        narrator.say(forge.teller());
        forge.pulls().forEach(each -> narrator.output(each.text()));
    }

    private void jsonPath(String name, String path, String value) {
        narrator.command("kubectl -n agents get spub " + name + " -o jsonpath='{" + path + "}'");
        narrator.output(value);
    }
}
