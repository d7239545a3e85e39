package dev.sessionpublish.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.Fault;
import dev.sessionpublish.embedded.LoggedRequest;
import dev.sessionpublish.embedded.RealGit;
import dev.sessionpublish.embedded.SandboxCheckout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LfsIT extends OperatorScenario {
    @Override
    Map<String, String> settings() {
        return Map.of("SESSION_PUBLISH_MAX_PACK", "4MiB");
    }

    @BeforeEach
    void registerProject() {
        world.registerProject();
        world.awaitDefaultBranch();
    }

    @Test
    void lfsObjectsAreUploadedBeforeThePush() throws Exception {
        byte[] large = new byte[3_000_000];
        new Random(1).nextBytes(large);
        SandboxCheckout checkout = tracked("large").branch("agent/large");
        String oid = store(checkout, large);
        String small = store(checkout, new byte[] {1});
        checkout.commit("Add the pictures", Map.of("a.bin", pointer(oid, large.length), "b.bin", pointer(small, 1)));
        world.publish("large", "large", "");

        SessionPublish publish = world.awaitEnd("large");

        assertThat(publish.getStatus().phase())
                .as(publish.getStatus().message())
                .isEqualTo(Phase.PullRequestCreated);
        assertThat(world.git().tip(EmbeddedWorld.REPOSITORY, "agent/large")).contains(checkout.head());
        assertThat(Scrape.of(operator().metricsPort())
                        .sum("session_publish_relayed_bytes_total", "project", "web", "content", "lfs"))
                .isGreaterThanOrEqualTo(large.length + 1.0);
        assertThat(world.git().lfsObject(EmbeddedWorld.REPOSITORY, oid)).hasBinaryContent(large);
        assertThat(world.git().requests().stream()
                        .filter(each -> each.path().endsWith("/store/" + oid)
                                || each.path().endsWith("/store/" + small))
                        .flatMap(each -> each.header("authorization").stream()))
                .hasSize(2)
                .containsOnly("RemoteAuth upload-word");
    }

    @Test
    void whatTheForgeHasAlreadyIsNotSentAgain() throws Exception {
        SandboxCheckout checkout = tracked("there").branch("agent/there");
        byte[] content = {5, 6, 7};
        String oid = store(checkout, content);
        Path stored = world.git().lfsObject(EmbeddedWorld.REPOSITORY, oid);
        Files.createDirectories(stored.getParent());
        Files.write(stored, content);
        Files.delete(object(checkout, oid));
        checkout.commit("Add a picture", Map.of("c.bin", pointer(oid, content.length)));
        world.publish("there", "there", "");

        assertThat(world.awaitEnd("there").getStatus().phase()).isEqualTo(Phase.PullRequestCreated);
        assertThat(world.git().requests().stream().map(LoggedRequest::path)).noneMatch(path -> path.endsWith(oid));
    }

    @Test
    void anObjectThatNobodyHasIsRefusedAndNothingIsPushed() throws Exception {
        SandboxCheckout checkout = tracked("lost").branch("agent/lost");
        checkout.commit("Add a lost picture", Map.of("d.bin", pointer("ab".repeat(32), 9)));
        world.publish("lost", "lost", "");

        SessionPublish publish = world.awaitEnd("lost");

        assertThat(publish.getStatus().reason()).isEqualTo("lfs");
        assertThat(publish.getStatus().message()).contains("git lfs fetch");
        assertThat(world.git().tip(EmbeddedWorld.REPOSITORY, "agent/lost")).isEmpty();
    }

    @Test
    void contentThatIsNotItsIdIsRefusedAndNothingIsPushed() throws Exception {
        SandboxCheckout checkout = tracked("forged").branch("agent/forged");
        String oid = "cd".repeat(32);
        Files.createDirectories(object(checkout, oid).getParent());
        Files.write(object(checkout, oid), new byte[] {1, 2, 3});
        checkout.commit("Add a forged picture", Map.of("e.bin", pointer(oid, 3)));
        world.publish("forged", "forged", "");

        SessionPublish publish = world.awaitEnd("forged");

        assertThat(publish.getStatus().phase()).isEqualTo(Phase.Failed);
        assertThat(publish.getStatus().message()).contains("does not match its pointer");
        assertThat(world.git().lfsObject(EmbeddedWorld.REPOSITORY, oid)).doesNotExist();
        assertThat(world.git().tip(EmbeddedWorld.REPOSITORY, "agent/forged")).isEmpty();
    }

    /** Its {@code .gitattributes} are in a subfolder, and not in the checkout. */
    @Test
    void aPointerFromAPartialCloneIsNotPublishedWithoutItsObject() throws Exception {
        SandboxCheckout seed =
                world.sandbox("seed").commit("Track pictures", Map.of("pictures/.gitattributes", "*.bin filter=lfs\n"));
        Path bare = world.git().repository(EmbeddedWorld.REPOSITORY);
        seed.git("push", "--quiet", bare.toString(), "HEAD:refs/heads/partial-base");
        SandboxCheckout checkout = SandboxCheckout.bloblessCloneOf(bare, directory.resolve("partial/workspace/repo"));
        checkout.git("symbolic-ref", "HEAD", "refs/heads/agent/partial");
        checkout.git("update-ref", "HEAD", "refs/remotes/origin/partial-base");
        checkout.git("read-tree", "HEAD");
        Path pointer = Files.writeString(directory.resolve("pointer"), pointer("ef".repeat(32), 9));
        String blob = checkout.git("hash-object", "-w", pointer.toString());
        checkout.git("update-index", "--add", "--cacheinfo", "100644," + blob + ",pictures/new.bin");
        String tree = checkout.git("write-tree", "--missing-ok");
        checkout.git("update-ref", "HEAD", checkout.git("commit-tree", "-p", "HEAD", "-m", "Add a picture", tree));
        world.cluster()
                .startPod(
                        EmbeddedWorld.NAMESPACE,
                        "partial",
                        Map.of("sessionpublish.dev/sandbox", "true"),
                        List.of("agent"),
                        directory.resolve("partial"));
        world.publish("partial", "partial", "");

        SessionPublish publish = world.awaitEnd("partial");

        assertThat(publish.getStatus().reason())
                .as(publish.getStatus().message())
                .isEqualTo("lfs");
        assertThat(world.git().tip(EmbeddedWorld.REPOSITORY, "agent/partial")).isEmpty();
    }

    /** {@code origin} of the checkout is a fork, and the forge lacks its commits. */
    @Test
    void objectsOfCommitsThatOnlyTheForkHasAreUploadedToo() throws Exception {
        SandboxCheckout checkout = tracked("fork").branch("agent/fork");
        byte[] content = {8, 1, 8};
        String oid = store(checkout, content);
        checkout.commit("On the fork", Map.of("p.bin", pointer(oid, content.length)));
        checkout.git("update-ref", "refs/remotes/origin/main", "HEAD");
        checkout.commit("Work", "fork.txt", "1");
        RealGit forge = RealGit.in(world.git().repository(EmbeddedWorld.REPOSITORY));
        forge.run(
                "update-ref",
                "refs/heads/main",
                forge.run("commit-tree", "-p", "main", "-m", "Meanwhile", forge.run("rev-parse", "main^{tree}")));
        world.publish("fork", "fork", "");

        SessionPublish publish = world.awaitEnd("fork");

        assertThat(publish.getStatus().phase())
                .as(publish.getStatus().message())
                .isEqualTo(Phase.PullRequestCreated);
        assertThat(world.git().tip(EmbeddedWorld.REPOSITORY, "agent/fork")).contains(checkout.head());
        assertThat(world.git().lfsObject(EmbeddedWorld.REPOSITORY, oid)).hasBinaryContent(content);
    }

    @Test
    void objectsThatExceedTheLimitTogetherAreRefusedBeforeAnyIsSent() throws Exception {
        SandboxCheckout checkout = tracked("many").branch("agent/many");
        byte[] one = noise(2_500_000, 11);
        byte[] other = noise(2_500_000, 12);
        checkout.commit(
                "Add the pictures",
                Map.of(
                        "a.bin", pointer(store(checkout, one), one.length),
                        "b.bin", pointer(store(checkout, other), other.length)));
        world.publish("many", "many", "");

        SessionPublish publish = world.awaitEnd("many");

        assertThat(publish.getStatus().reason()).isEqualTo("pack-too-large");
        assertThat(publish.getStatus().message()).contains("The 2 LFS objects", "4 MiB", "SESSION_PUBLISH_MAX_PACK");
        assertThat(world.git().requests().stream())
                .noneMatch(request -> request.method().equals("PUT") && request.bytesIn() == one.length);
        assertThat(world.git().tip(EmbeddedWorld.REPOSITORY, "agent/many")).isEmpty();
    }

    @Test
    void anObjectCountsTowardsTheLimitOfThePackThatFollowsIt() throws Exception {
        SandboxCheckout checkout = tracked("both").branch("agent/both");
        byte[] object = noise(2_500_000, 13);
        Files.write(checkout.directory().resolve("noise.dat"), noise(2_500_000, 14));
        checkout.git("add", "noise.dat");
        checkout.commit("Add both", Map.of("a.bin", pointer(store(checkout, object), object.length)));
        world.publish("both", "both", "");

        SessionPublish publish = world.awaitEnd("both");

        assertThat(publish.getStatus().reason()).isEqualTo("pack-too-large");
        assertThat(publish.getStatus().message())
                .contains("The pack and its LFS objects", "4 MiB", "SESSION_PUBLISH_MAX_PACK");
        assertThat(world.git().tip(EmbeddedWorld.REPOSITORY, "agent/both")).isEmpty();
    }

    private static byte[] noise(int bytes, int seed) {
        byte[] noise = new byte[bytes];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    @Test
    void aForgeWithoutLfsIsSaidBeforeAnythingIsPushed() throws Exception {
        SandboxCheckout checkout = tracked("without").branch("agent/off");
        String oid = store(checkout, new byte[] {9, 9});
        checkout.commit("Add a picture", Map.of("f.bin", pointer(oid, 2)));
        world.git().fault(Fault.on("POST", "/objects/batch").times(1).answering(404, Map.of(), "Not Found"));
        world.publish("without", "without", "");

        SessionPublish publish = world.awaitEnd("without");

        assertThat(publish.getStatus().reason()).isEqualTo("lfs");
        assertThat(world.git().tip(EmbeddedWorld.REPOSITORY, "agent/off")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"own-lfs", "/absolute"})
    void objectsThatSettingsKeepElsewhereAreFound(String storage) throws Exception {
        String name = storage.replace("/", "");
        SandboxCheckout checkout = tracked(name).branch("agent/" + name);
        byte[] content = name.getBytes(StandardCharsets.UTF_8);
        String oid = store(checkout, content);
        Path elsewhere = storage.startsWith("/")
                ? directory.resolve("absolute-lfs")
                : checkout.gitDirectory().resolve(storage);
        checkout.config("lfs.storage", storage.startsWith("/") ? elsewhere.toString() : storage);
        Files.move(checkout.gitDirectory().resolve("lfs"), elsewhere);
        checkout.commit("Add a picture", Map.of("p.bin", pointer(oid, content.length)));
        world.publish(name, name, "");

        SessionPublish publish = world.awaitEnd(name);

        assertThat(publish.getStatus().phase())
                .as(publish.getStatus().message())
                .isEqualTo(Phase.PullRequestCreated);
        assertThat(world.git().lfsObject(EmbeddedWorld.REPOSITORY, oid)).hasBinaryContent(content);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments("POST", "/objects/batch", 422, "lfs"),
                arguments("POST", "/objects/batch", 401, "auth"),
                arguments("POST", "/objects/batch", 403, "forbidden"),
                arguments("POST", "/objects/batch", 507, "lfs"),
                arguments("PUT", "", 413, "file-too-large"),
                arguments("PUT", "", 422, "lfs"),
                arguments("PUT", "", 507, "lfs"),
                arguments("POST", "/verify", 404, "lfs"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whatTheForgeRefusesOfLfsEndsThePublishBeforeAnythingIsPushed(
            String method, String path, int status, String reason) throws Exception {
        String name = "refused-" + method.toLowerCase(Locale.ROOT) + "-" + status;
        SandboxCheckout checkout = tracked(name).branch("agent/" + name);
        byte[] content = name.getBytes(StandardCharsets.UTF_8);
        checkout.commit("Add a picture", Map.of("p.bin", pointer(store(checkout, content), content.length)));
        world.git().fault(Fault.on(method, path).times(1).answering(status, Map.of(), "no"));
        world.publish(name, name, "");

        SessionPublish publish = world.awaitEnd(name);

        assertThat(publish.getStatus().phase())
                .as(publish.getStatus().message())
                .isEqualTo(Phase.Failed);
        assertThat(publish.getStatus().reason()).isEqualTo(reason);
        assertThat(world.git().tip(EmbeddedWorld.REPOSITORY, "agent/" + name)).isEmpty();
    }

    @Test
    void whatTheForgeRefusesForNowIsTriedAgainAsLateAsItAsks() throws Exception {
        SandboxCheckout checkout = tracked("later").branch("agent/later");
        byte[] content = {3, 1, 4};
        checkout.commit("Add a picture", Map.of("p.bin", pointer(store(checkout, content), content.length)));
        world.git().fault(Fault.on("PUT", "").times(1).answering(429, Map.of("Retry-After", "2"), ""));
        world.publish("later", "later", "");

        SessionPublish waiting = world.await(
                "later",
                publish -> publish.getStatus() != null && publish.getStatus().nextAttemptAt() != null);
        assertThat(waiting.getStatus().reason()).isEqualTo("rate-limited");
        assertThat(world.git().tip(EmbeddedWorld.REPOSITORY, "agent/later")).isEmpty();

        SessionPublish publish = world.awaitEnd("later");
        assertThat(publish.getStatus().phase())
                .as(publish.getStatus().message())
                .isEqualTo(Phase.PullRequestCreated);
        assertThat(world.git()
                        .lfsObject(
                                EmbeddedWorld.REPOSITORY,
                                HexFormat.of()
                                        .formatHex(MessageDigest.getInstance("SHA-256")
                                                .digest(content))))
                .hasBinaryContent(content);
    }

    @Test
    void contentIsNotSentToAHostThatNoAdminHasListed() throws Exception {
        SandboxCheckout checkout = tracked("elsewhere").branch("agent/elsewhere");
        byte[] content = {2, 7, 1};
        String oid = store(checkout, content);
        checkout.commit("Add a picture", Map.of("p.bin", pointer(oid, content.length)));
        world.git()
                .fault(Fault.on("POST", "/objects/batch")
                        .times(1)
                        .garbage(
                                "application/vnd.git-lfs+json",
                                ("{\"objects\":[{\"oid\":\"" + oid
                                                + "\",\"actions\":{\"upload\":{\"href\":\"https://169.254.169.254/x\"}}}]}")
                                        .getBytes(StandardCharsets.UTF_8)));
        world.publish("elsewhere", "elsewhere", "");

        SessionPublish publish = world.awaitEnd("elsewhere");

        assertThat(publish.getStatus().reason()).isEqualTo("lfs");
        assertThat(publish.getStatus().message()).contains("169.254.169.254", "lfsHosts");
        assertThat(world.git().tip(EmbeddedWorld.REPOSITORY, "agent/elsewhere")).isEmpty();
    }

    /** More than the upload requests that are kept: those of the others are asked for again when their turn comes. */
    @Test
    void hundredsOfObjectsAreUploaded() throws Exception {
        SandboxCheckout checkout = tracked("hundreds").branch("agent/hundreds");
        Map<String, String> files = new HashMap<>();
        List<String> oids = new ArrayList<>();
        for (int n = 0; n < 250; n++) {
            byte[] content = ("picture " + n).getBytes(StandardCharsets.UTF_8);
            oids.add(store(checkout, content));
            files.put(n + ".bin", pointer(oids.get(n), content.length));
        }
        checkout.commit("Add the pictures", files);
        long before = batches();
        world.publish("hundreds", "hundreds", "");

        SessionPublish publish = world.awaitEnd("hundreds");

        assertThat(publish.getStatus().phase())
                .as(publish.getStatus().message())
                .isEqualTo(Phase.PullRequestCreated);
        assertThat(oids).allSatisfy(oid -> assertThat(world.git().lfsObject(EmbeddedWorld.REPOSITORY, oid))
                .exists());
        assertThat(batches() - before)
                .as("3 to learn what is lacking, 2 for the objects after the first 100")
                .isEqualTo(5);
    }

    private static long batches() {
        return world.git().requests().stream()
                .filter(each -> each.path().endsWith("/objects/batch"))
                .count();
    }

    private static SandboxCheckout tracked(String pod) throws Exception {
        return world.sandbox(pod)
                .commit("Track pictures", Map.of(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n"));
    }

    private static String pointer(String oid, long size) {
        return "version https://git-lfs.github.com/spec/v1\noid sha256:" + oid + "\nsize " + size + "\n";
    }

    private static String store(SandboxCheckout checkout, byte[] content) throws Exception {
        String oid =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        Path file = object(checkout, oid);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        return oid;
    }

    private static Path object(SandboxCheckout checkout, String oid) {
        return checkout.gitDirectory()
                .resolve("lfs/objects")
                .resolve(oid.substring(0, 2))
                .resolve(oid.substring(2, 4))
                .resolve(oid);
    }
}
