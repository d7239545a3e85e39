package dev.sessionpublish.scenarios;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.Main;
import dev.sessionpublish.PackagedOperator;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.SandboxCheckout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sandboxes and repositories that fill the operator's memory, all at once: proofs of descent with invented parents, headers
 * full of claims, a million refs. The operator has the heap of the chart's default memory limit. It survives, also the
 * repetition after a restart, and others publish meanwhile.
 */
@Timeout(180)
class HostileMemoryIT extends WorldScenario {
    private static final List<String> JVM =
            List.of("-Xmx300m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError");

    private static final String HUMANS = "colleague/work";
    private static final int COMMITS = 13;
    private static final int PARENTS = 21_000;
    private static final String TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    private static Path header;
    private static Path chain;
    private static Path claims;

    @BeforeAll
    static void writeWhatTheSandboxesSend() throws Exception {
        chain = directory.resolve("chain");
        String tip = writeChain();
        header = Files.writeString(directory.resolve("header"), header(tip) + "end header\n");
        StringBuilder lines = new StringBuilder(header(tip));
        for (int n = 0; n < 10_000; n++) {
            lines.append("lfs-oid %064x\nlfs-size 1000000\n".formatted(n + 1));
        }
        for (int n = 0; n < 15_000; n++) {
            lines.append("submodule ").append(n).append('\n');
        }
        claims = Files.writeString(directory.resolve("claims"), lines.append("end header\n"));
    }

    private static String header(String commit) {
        return "branch work\nhead " + commit + "\nnew " + commit + "\ntree " + TREE
                + "\nuncommitted 0\nshallow false\npartial no\n";
    }

    /** As git would list the commits, the newest first; returns its id. */
    private static String writeChain() throws Exception {
        List<byte[]> commits = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (int n = 0; n < COMMITS; n++) {
            StringBuilder commit = new StringBuilder("tree " + TREE + "\n");
            if (n > 0) {
                commit.append("parent ").append(ids.get(n - 1)).append('\n');
            }
            for (int parent = 1; parent <= PARENTS; parent++) {
                commit.append("parent %040x\n".formatted((long) n * PARENTS + parent));
            }
            byte[] body = commit.append("author A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nx\n")
                    .toString()
                    .getBytes(US_ASCII);
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(("commit " + body.length + "\0").getBytes(US_ASCII));
            commits.add(body);
            ids.add(HexFormat.of().formatHex(sha1.digest(body)));
        }
        try (OutputStream out = Files.newOutputStream(chain)) {
            for (int n = COMMITS - 1; n >= 0; n--) {
                out.write((ids.get(n) + " commit " + commits.get(n).length + "\n").getBytes(US_ASCII));
                out.write(commits.get(n));
                out.write('\n');
            }
        }
        return ids.get(COMMITS - 1);
    }

    /** A git that takes the place of the script it is called by: it sends these files, and then nothing more. */
    private static Scene sending(Scene project, Path... files) throws IOException {
        Scene sandbox = project.another();
        sandbox.cloned();
        StringBuilder names = new StringBuilder();
        for (Path each : files) {
            names.append(" '").append(each).append('\'');
        }
        sandbox.program("git", """
                up=$PPID
                until [ "$up" -le 1 ] || [ -p /proc/$up/fd/3 ]; do
                  up=$(cut -d' ' -f4 /proc/$up/stat)
                done
                exec 3>>/proc/$up/fd/3
                cat FILES >&3
                while [ -e 'FIRST' ]; do sleep 0.2; done
                """.replace("FILES", names).replace("FIRST", files[0].toString()))
                .startPod();
        return sandbox;
    }

    private static byte[] aMillionRefs() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(90 << 20);
        out.writeBytes("001f# service=git-receive-pack\n0000".getBytes(US_ASCII));
        for (int n = 0; n < 999_000; n++) {
            String ref = "%040x refs/heads/team/topic-%07d%s\n".formatted(n + 1, n, n == 0 ? "\0report-status" : "");
            out.writeBytes("%04x%s".formatted(ref.length() + 4, ref).getBytes(US_ASCII));
        }
        out.writeBytes("0000".getBytes(US_ASCII));
        return out.toByteArray();
    }

    private static List<Scene> publishHostile(Scene project) throws IOException {
        List<Scene> hostile = new ArrayList<>();
        for (int n = 0; n < 8; n++) {
            hostile.add(sending(project, header, chain).push("headBranch: " + HUMANS));
        }
        for (int n = 0; n < 4; n++) {
            hostile.add(sending(project, claims).push("headBranch: agent/claims-" + n));
        }
        byte[] refs = aMillionRefs();
        for (int n = 0; n < 4; n++) {
            Scene many = scene().ready();
            many.sandbox();
            many.faultOfAdvertisement(
                    match -> match.always().garbage("application/x-git-receive-pack-advertisement", refs));
            hostile.add(many.push());
        }
        return hostile;
    }

    /** Waits until each of them is being pushed, or was refused. */
    private static void awaitStarted(List<Scene> hostile, PackagedOperator operator) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    assertThat(operator.isAlive()).as(operator.log()).isTrue();
                    return hostile.stream().allMatch(each -> {
                        SessionPublishStatus status = each.get().getStatus();
                        return status.phase() == Phase.Pushing || status.reason() != null;
                    });
                });
    }

    private static void publishHonestly(Scene project, String branch) throws IOException {
        Scene honest = project.another();
        SandboxCheckout checkout = honest.cloned().branch(branch).commit("Work", "work.txt", branch);
        honest.startPod();
        Scene.inPhase(honest.publish("").ended(), Phase.PullRequestCreated);
        assertThat(project.tip(branch)).contains(checkout.head());
    }

    @Test
    void hostileSandboxesAndRepositoriesDoNotEndTheOperatorAndOthersPublish() throws Exception {
        Path log = directory.resolve("operator.log");
        Map<String, String> environment = world.environment();
        List<Scene> hostile;
        Scene project;
        try (PackagedOperator operator = PackagedOperator.launch(log, environment, Main.class, JVM)) {
            project = scene().ready();
            project.humanCommits(HUMANS, "main");
            String refs = project.refs();
            hostile = publishHostile(project);
            awaitStarted(hostile, operator);
            assertThat(project.refs()).isEqualTo(refs);
            publishHonestly(project, "agent/honest");
            assertThat(operator.isAlive()).as(operator.log()).isTrue();
        }
        try (PackagedOperator operator = PackagedOperator.launch(log, environment, Main.class, JVM)) {
            publishHonestly(project, "agent/restarted");
            awaitStarted(hostile, operator);
            assertThat(operator.isAlive()).as(operator.log()).isTrue();
            assertThat(operator.log()).doesNotContain("OutOfMemoryError");
        }
    }
}
