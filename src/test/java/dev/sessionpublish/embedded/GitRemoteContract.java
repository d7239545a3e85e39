package dev.sessionpublish.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.http.ForgeHttp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the operator relies on of a git remote, said once and held against each one we have: with git's own client, and
 * with requests written here byte by byte (gitprotocol-http, gitprotocol-pack).
 */
abstract class GitRemoteContract {
    private static final String RECEIVE = "/info/refs?service=git-receive-pack";
    private static final String UPLOAD = "/info/refs?service=git-upload-pack";
    private static final String REF = "refs/heads/agent/fix";

    @TempDir
    Path scratch;

    /**
     * A private repository with one commit on {@code main}.
     *
     * @param url without {@code .git}
     * @param writer a token that may push
     * @param reader a token that may only read
     * @param stranger a token that is good, but not here
     */
    record Remote(String url, String writer, String reader, String stranger) {}

    record Answer(int status, String type, Optional<String> challenge, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    abstract Remote remote(GitServer.Option... options) throws Exception;

    /** From now on a hook of the repository prints this and refuses every push. */
    abstract void refuseEveryPush(Remote remote, String text) throws Exception;

    abstract Path caPem();

    @Test
    void aPrivateRepositoryAsksForACredential() throws Exception {
        Remote remote = remote();
        for (String service : new String[] {RECEIVE, UPLOAD}) {
            Answer answer = get(remote.url() + service, "");
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.challenge()).get().asString().startsWith("Basic ");
        }
    }

    @Test
    void anUnknownTokenIs401() throws Exception {
        assertThat(get(remote().url() + RECEIVE, "not-a-token").status()).isEqualTo(401);
    }

    /** GitHub refuses at the advertisement; Gitea, where readers may propose by a push, in the report. */
    @Test
    void aTokenThatMayOnlyReadReadsAndPushesNoBranch() throws Exception {
        Remote remote = remote();
        RealGit checkout = cloneWithACommit(remote);
        assertThat(get(remote.url() + UPLOAD, remote.reader()).status()).isEqualTo(200);
        Answer advertisement = get(remote.url() + RECEIVE, remote.reader());
        if (advertisement.status() != 403) {
            assertThat(advertisement.status()).isEqualTo(200);
            byte[] update = update("0".repeat(40), checkout.run("rev-parse", "HEAD"), REF, pack(checkout));
            Map<Integer, String> bands = sidebands(post(remote, remote.reader(), update, false));
            assertThat(bands.get(1)).contains("ng " + REF + " ");
            assertThat(bands.get(2)).containsIgnoringCase("permission denied");
        }
        RealGit.Result push = trusted(checkout, remote.reader()).attempt("push", remote.url(), "HEAD:" + REF);
        assertThat(push.exit()).isNotZero();
        assertThat(tip(checkout, remote, REF)).isEmpty();
    }

    @Test
    void aTokenOfElsewhereIsNotToldThatTheRepositoryExists() throws Exception {
        Remote remote = remote();
        Answer hidden = get(remote.url() + UPLOAD, remote.stranger());
        Answer absent = get(remote.url() + "-absent" + UPLOAD, remote.stranger());
        assertThat(hidden.status()).isEqualTo(404);
        assertThat(absent.status()).isEqualTo(404);
    }

    @Test
    void theAdvertisementListsTheRefsAndWhatTheRemoteCanDo() throws Exception {
        Remote remote = remote();
        Answer answer = get(remote.url() + RECEIVE, remote.writer());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.type()).isEqualTo("application/x-git-receive-pack-advertisement");
        assertThat(answer.text())
                .startsWith("001f# service=git-receive-pack\n0000")
                .endsWith("0000");
        String first = answer.text().substring("001f# service=git-receive-pack\n0000".length());
        assertThat(first).matches("(?s)[0-9a-f]{4}[0-9a-f]{40} refs/heads/main\0.*");
        assertThat(first.substring(first.indexOf('\0') + 1, first.indexOf('\n')).split(" "))
                .contains("report-status", "side-band-64k", "ofs-delta", "object-format=sha1")
                .noneMatch(each -> each.startsWith("symref="));
    }

    @Test
    void theDefaultBranchIsTheSymrefOfTheOtherService() throws Exception {
        Remote remote = remote();
        Answer answer = get(remote.url() + UPLOAD, remote.reader());
        assertThat(answer.type()).isEqualTo("application/x-git-upload-pack-advertisement");
        assertThat(answer.text()).contains(" symref=HEAD:refs/heads/main");
    }

    @Test
    void theUrlWithDotGitIsTheSameRepository() throws Exception {
        Remote remote = remote();
        assertThat(get(remote.url() + ".git" + RECEIVE, remote.writer()).text())
                .isEqualTo(get(remote.url() + RECEIVE, remote.writer()).text());
    }

    @Test
    void aPushByGitMakesTheBranch() throws Exception {
        Remote remote = remote();
        RealGit checkout = cloneWithACommit(remote);
        RealGit.Result push = checkout.attempt("push", remote.url(), "HEAD:" + REF);
        assertThat(push.err()).contains("[new branch]");
        assertThat(tip(checkout, remote, REF)).isEqualTo(checkout.run("rev-parse", "HEAD"));
    }

    @Test
    void anUpdateOfOurOwnMakesTheBranchAndIsReported() throws Exception {
        Remote remote = remote();
        RealGit checkout = cloneWithACommit(remote);
        String head = checkout.run("rev-parse", "HEAD");
        Answer answer = post(remote, update("0".repeat(40), head, REF, pack(checkout)), false);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.type()).isEqualTo("application/x-git-receive-pack-result");
        assertThat(sidebands(answer).get(1)).contains("unpack ok\n", "ok " + REF + "\n");
        assertThat(tip(checkout, remote, REF)).isEqualTo(head);
    }

    @Test
    void aBodyOfUnknownLengthIsTaken() throws Exception {
        Remote remote = remote();
        RealGit checkout = cloneWithACommit(remote);
        String head = checkout.run("rev-parse", "HEAD");
        Answer answer = post(remote, update("0".repeat(40), head, REF, pack(checkout)), true);
        assertThat(sidebands(answer).get(1)).contains("unpack ok\n", "ok " + REF + "\n");
        assertThat(tip(checkout, remote, REF)).isEqualTo(head);
    }

    @Test
    void anOldIdThatIsNoLongerTrueIsRefusedInTheReport() throws Exception {
        Remote remote = remote();
        RealGit checkout = cloneWithACommit(remote);
        String before = tip(checkout, remote, "refs/heads/main");
        String head = checkout.run("rev-parse", "HEAD");
        Answer answer = post(remote, update(head, head, "refs/heads/main", pack(checkout)), false);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(sidebands(answer).get(1)).contains("unpack ok\n", "ng refs/heads/main ");
        assertThat(tip(checkout, remote, "refs/heads/main")).isEqualTo(before);
    }

    @Test
    void aPackThatIsCutShortChangesNothing() throws Exception {
        Remote remote = remote();
        RealGit checkout = cloneWithACommit(remote);
        byte[] pack = pack(checkout);
        byte[] part = Arrays.copyOf(pack, pack.length - 30);
        Answer answer = post(remote, update("0".repeat(40), checkout.run("rev-parse", "HEAD"), REF, part), false);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(sidebands(answer).get(1)).contains("unpack ").doesNotContain("unpack ok");
        assertThat(tip(checkout, remote, REF)).isEmpty();
    }

    @Test
    void whatAHookSaysComesOnTheSecondSideband() throws Exception {
        Remote remote = remote();
        refuseEveryPush(remote, "error: GH013: not today");
        RealGit checkout = cloneWithACommit(remote);
        assertThat(checkout.attempt("push", remote.url(), "HEAD:" + REF).err())
                .contains("remote: error: GH013: not today")
                .contains("[remote rejected]");
        byte[] update = update("0".repeat(40), checkout.run("rev-parse", "HEAD"), REF, pack(checkout));
        Map<Integer, String> bands = sidebands(post(remote, update, false));
        assertThat(bands.get(2)).contains("error: GH013: not today\n");
        assertThat(bands.get(1)).contains("ng " + REF + " ");
        assertThat(tip(checkout, remote, REF)).isEmpty();
    }

    @Test
    void aRepositoryOfSha256SaysSo() throws Exception {
        Remote remote = remote(GitServer.Option.SHA256);
        Answer answer = get(remote.url() + RECEIVE, remote.writer());
        assertThat(answer.text()).contains(" object-format=sha256");
        RealGit checkout = cloneWithACommit(remote);
        assertThat(checkout.attempt("push", remote.url(), "HEAD:" + REF).exit()).isZero();
        assertThat(tip(checkout, remote, REF)).hasSize(64).isEqualTo(checkout.run("rev-parse", "HEAD"));
    }

    private RealGit cloneWithACommit(Remote remote) {
        RealGit here = trusted(RealGit.in(scratch), remote.writer());
        here.run("clone", "--quiet", remote.url(), "checkout");
        RealGit checkout = trusted(RealGit.in(scratch.resolve("checkout")), remote.writer());
        checkout.run("commit", "--quiet", "--allow-empty", "-m", "Work of an agent");
        return checkout;
    }

    private RealGit trusted(RealGit git, String token) {
        return git.with("GIT_CONFIG_COUNT", "2")
                .with("GIT_CONFIG_KEY_0", "http.sslCAInfo")
                .with("GIT_CONFIG_VALUE_0", caPem().toString())
                .with("GIT_CONFIG_KEY_1", "http.extraHeader")
                .with("GIT_CONFIG_VALUE_1", "Authorization: " + basic(token));
    }

    private static String tip(RealGit checkout, Remote remote, String ref) {
        return checkout.run("ls-remote", remote.url(), ref).split("\t")[0];
    }

    private static byte[] pack(RealGit checkout) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("git", "pack-objects", "--revs", "--stdout", "-q")
                .directory(checkout.directory().toFile());
        builder.environment().clear();
        builder.environment().putAll(checkout.environment());
        Process process = builder.start();
        try (var revisions = process.getOutputStream()) {
            revisions.write("HEAD\n".getBytes(StandardCharsets.US_ASCII));
        }
        byte[] pack = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).isZero();
        return pack;
    }

    private static byte[] update(String old, String next, String ref, byte[] pack) {
        String command = old + " " + next + " " + ref + "\0 report-status side-band-64k object-format=sha1";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(
                (String.format("%04x", command.length() + 4) + command + "0000").getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(pack);
        return out.toByteArray();
    }

    /** The text of each band; of the first, the packets of the report without their lengths. */
    private static Map<Integer, String> sidebands(Answer answer) {
        StringBuilder report = new StringBuilder();
        StringBuilder progress = new StringBuilder();
        byte[] body = answer.body();
        int at = 0;
        while (at < body.length) {
            int length = Integer.parseInt(new String(body, at, 4, StandardCharsets.US_ASCII), 16);
            if (length > 4) {
                String text = new String(body, at + 5, length - 5, StandardCharsets.UTF_8);
                (body[at + 4] == 1 ? report : progress).append(text);
            }
            at += Math.max(4, length);
        }
        return Map.of(1, report.toString(), 2, progress.toString());
    }

    private static String basic(String token) {
        return "Basic "
                + Base64.getEncoder().encodeToString(("x-access-token:" + token).getBytes(StandardCharsets.UTF_8));
    }

    private Answer get(String url, String token) throws IOException {
        return send(new HttpGet(url), token);
    }

    private Answer post(Remote remote, byte[] body, boolean chunked) throws IOException {
        return post(remote, remote.writer(), body, chunked);
    }

    private Answer post(Remote remote, String token, byte[] body, boolean chunked) throws IOException {
        HttpPost post = new HttpPost(remote.url() + "/git-receive-pack");
        ContentType type = ContentType.create("application/x-git-receive-pack-request");
        post.setEntity(
                chunked
                        ? new InputStreamEntity(new ByteArrayInputStream(body), type)
                        : new ByteArrayEntity(body, type));
        return send(post, token);
    }

    private Answer send(HttpUriRequestBase request, String token) throws IOException {
        if (!token.isEmpty()) {
            request.setHeader("Authorization", basic(token));
        }
        try (var client = ForgeHttp.create(Optional.of(caPem()), Duration.ofSeconds(30))) {
            return client.<Answer>execute(request, response -> {
                var entity = response.getEntity();
                return new Answer(
                        response.getCode(),
                        Optional.ofNullable(entity.getContentType()).orElse(""),
                        Optional.ofNullable(response.getFirstHeader("WWW-Authenticate"))
                                .map(header -> header.getValue()),
                        EntityUtils.toByteArray(entity));
            });
        }
    }
}
