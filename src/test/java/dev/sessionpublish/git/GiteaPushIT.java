package dev.sessionpublish.git;

import static dev.sessionpublish.git.lfs.LfsSamples.bytes;
import static dev.sessionpublish.git.lfs.LfsSamples.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.git.lfs.LfsObject;
import dev.sessionpublish.git.lfs.LfsServer;
import dev.sessionpublish.git.lfs.LfsTransfer;
import dev.sessionpublish.gitea.GiteaOrganization;
import dev.sessionpublish.gitea.GiteaRepository;
import dev.sessionpublish.gitea.GiteaServer;
import dev.sessionpublish.http.ForgeHttp;
import dev.sessionpublish.http.Token;
import dev.sessionpublish.outcome.RefusedException;
import dev.sessionpublish.outcome.SharedReason;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The push and the LFS upload against a forge that nobody of us wrote. */
@Tag("control-plane")
@Tag("forge")
@Timeout(180)
class GiteaPushIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String REF = "refs/heads/agent/fix";

    @TempDir
    Path directory;

    @AutoClose
    private final GiteaServer gitea = GiteaServer.running();

    @AutoClose("shutdownNow")
    private final ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor();

    @AutoClose
    private CloseableHttpClient http;

    private GiteaOrganization organization;
    private GiteaRepository web;
    private Token writer;
    private SandboxCheckout checkout;

    @BeforeEach
    void makeRepository() throws Exception {
        organization = GiteaOrganization.create(gitea);
        web = organization.createRepository("web");
        writer = new Token(organization.createCollaborator("writer", web, "write"));
        http = ForgeHttp.create(Optional.of(gitea.caPem()), LONG);
        checkout = SandboxCheckout.cloneOf(gitea.bare(web), directory.resolve("repo"))
                .branch("agent/fix")
                .commit("Work", "a.txt", "a\n".repeat(100));
    }

    private RepositoryUrl url() throws Exception {
        return RepositoryUrl.parse(web.url());
    }

    private ReceivePack receivePack() {
        return new ReceivePack(http, watchdog, LONG, LONG);
    }

    /** Pushes what {@code range} names, as git would write it on its standard input, from the checkout. */
    private PushAnswer push(Token token, String branch, Optional<String> old, String range) throws Exception {
        ReceivePack.Remote remote = receivePack().advertise(url(), token, GitBytes.memory());
        ObjectId head = new ObjectId(checkout.head());
        Process git = PackObjects.start(checkout, range, "--delta-base-offset");
        try (InputStream out = git.getInputStream()) {
            RefUpdate update = new RefUpdate(branch, old.map(ObjectId::new).orElse(head.zero()), head);
            return receivePack().push(remote, token, update, new Pack(out, ObjectFormat.SHA1, 1 << 30), bytes -> {});
        }
    }

    private PushAnswer push(Token token, String branch, Optional<String> old) throws Exception {
        return push(token, branch, old, checkout.head() + "\n^" + checkout.git("rev-parse", "origin/main") + "\n");
    }

    private Optional<String> tip(String branch) throws Exception {
        return receivePack()
                .advertise(url(), writer, GitBytes.memory())
                .advertisement()
                .branch(branch)
                .map(ObjectId::hex);
    }

    @Test
    void aNewBranchIsMadeAndMovedOn() throws Exception {
        assertThat(push(writer, "agent/fix", Optional.empty())).isInstanceOf(PushAnswer.Accepted.class);
        String first = checkout.head();
        assertThat(tip("agent/fix")).contains(first);

        checkout.commit("More", "b.txt", "1");
        assertThat(push(writer, "agent/fix", Optional.of(first))).isInstanceOf(PushAnswer.Accepted.class);
        assertThat(tip("agent/fix")).contains(checkout.head());
    }

    @Test
    void aLargePackIsTakenInChunks() throws Exception {
        StringBuilder noise = new StringBuilder();
        new Random(3).ints(6_000_000, ' ', '~').forEach(c -> noise.append((char) c));
        checkout.commit("Noise", "noise.txt", noise.toString());

        assertThat(push(writer, "agent/fix", Optional.empty())).isInstanceOf(PushAnswer.Accepted.class);
        assertThat(tip("agent/fix")).contains(checkout.head());
    }

    @Test
    void anOldIdThatIsNoLongerTrueMovesNothing() throws Exception {
        push(writer, "agent/fix", Optional.empty());
        String there = checkout.head();
        checkout.commit("More", "b.txt", "1");

        for (Optional<String> old : List.of(Optional.<String>empty(), Optional.of(checkout.git("rev-parse", "main")))) {
            assertThat(push(writer, "agent/fix", old)).isInstanceOf(PushAnswer.Unsettled.class);
            assertThat(tip("agent/fix")).contains(there);
        }
    }

    @Test
    void aBranchThatTheForgeProtectsIsRefusedInItsWords() throws Exception {
        web.protectBranch("locked");

        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> push(writer, "locked", Optional.empty()));

        assertThat(refused.reason()).isEqualTo(PushReason.REMOTE_REJECTED);
        assertThat(refused.getMessage()).contains("protected branch locked");
        assertThat(tip("locked")).isEmpty();
    }

    @Test
    void whatAHookPrintsReachesAPersonAndDecidesNothing() throws Exception {
        gitea.preReceive(web, "echo 'authentication failed for \"you\"'; echo 'see the handbook' >&2; exit 1");

        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> push(writer, "agent/fix", Optional.empty()));

        assertThat(refused.reason()).isEqualTo(PushReason.REMOTE_REJECTED);
        assertThat(refused.getMessage()).contains("authentication failed", "see the handbook");
        assertThat(tip("agent/fix")).isEmpty();
    }

    @Test
    void aReaderIsForbiddenAndAStrangerFindsNothing() throws Exception {
        Token reader = new Token(organization.createCollaborator("reader", web, "read"));
        assertThat(catchThrowableOfType(RefusedException.class, () -> push(reader, "agent/fix", Optional.empty()))
                        .reason())
                .isEqualTo(SharedReason.FORBIDDEN);
        Token stranger = new Token(organization.createUser("stranger"));
        assertThat(catchThrowableOfType(RefusedException.class, () -> push(stranger, "agent/fix", Optional.empty()))
                        .reason())
                .isEqualTo(SharedReason.NOT_FOUND);
        assertThat(catchThrowableOfType(
                                RefusedException.class, () -> push(new Token("x"), "agent/fix", Optional.empty()))
                        .reason())
                .isEqualTo(SharedReason.AUTH);
        assertThat(tip("agent/fix")).isEmpty();
    }

    @Test
    void aPackThatLacksItsHistoryIsObjectsMissing() throws Exception {
        String lacking = checkout.head();
        checkout.commit("More", "b.txt", "1");

        PushAnswer answer = push(writer, "agent/fix", Optional.empty(), checkout.head() + "\n^" + lacking + "\n");

        assertThat(answer).isInstanceOf(PushAnswer.ObjectsMissing.class);
        assertThat(tip("agent/fix")).isEmpty();
    }

    @Test
    void aBranchThatCantStandBesideAnotherMovesNothing() throws Exception {
        push(writer, "agent/fix", Optional.empty());

        assertThat(push(writer, "agent/fix/more", Optional.empty())).isInstanceOf(PushAnswer.Unsettled.class);
        assertThat(tip("agent/fix/more")).isEmpty();
    }

    private LfsServer lfs(Token token) throws Exception {
        URI forge = URI.create(web.url());
        return new LfsServer(
                http, url().git(), token, Set.of(forge.getAuthority()), watchdog, new LfsServer.Timeouts(LONG, LONG));
    }

    @Test
    void lfsObjectsArriveAndAreThereTheNextTime() throws Exception {
        byte[] large = bytes(20_000_000);
        byte[] small = bytes(1);
        List<LfsObject> objects = List.of(object(large), object(small));

        List<LfsTransfer> lacking = lfs(writer).lacking(objects, REF);
        assertThat(lacking).extracting(LfsTransfer::object).containsExactlyElementsOf(objects);
        lfs(writer).upload(lacking.get(0), REF, new ByteArrayInputStream(large));
        lfs(writer).upload(lacking.get(1), REF, new ByteArrayInputStream(small));

        assertThat(lfs(writer).lacking(objects, REF)).isEmpty();
    }

    @Test
    void lfsContentThatIsNotItsIdIsNotKept() throws Exception {
        byte[] content = bytes(300_000);
        LfsTransfer transfer =
                lfs(writer).lacking(List.of(object(content)), REF).get(0);
        content[7]++;

        assertThatThrownBy(() -> lfs(writer).upload(transfer, REF, new ByteArrayInputStream(content)))
                .isInstanceOf(GitProtocolException.class);
        assertThat(lfs(writer).lacking(List.of(transfer.object()), REF)).hasSize(1);
    }

    /** As a client without a check of its own would send it. */
    @Test
    void theForgeItselfRefusesContentThatIsNotItsId() throws Exception {
        byte[] content = bytes(1000);
        LfsObject pretended = new LfsObject("ab".repeat(32), 1000);
        LfsTransfer asked = lfs(writer).lacking(List.of(pretended), REF).get(0);

        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> lfs(writer)
                .upload(
                        new LfsTransfer(object(content), asked.upload(), null),
                        REF,
                        new ByteArrayInputStream(content)));

        assertThat(refused.reason()).isEqualTo(PushReason.LFS);
        assertThat(lfs(writer).lacking(List.of(pretended), REF)).hasSize(1);
    }

    @Test
    void lfsRightsAreThoseOfThePush() throws Exception {
        List<LfsObject> one = List.of(object(bytes(10)));
        Token reader = new Token(organization.createCollaborator("reader", web, "read"));

        assertThat(catchThrowableOfType(RefusedException.class, () -> lfs(new Token("x"))
                                .lacking(one, REF))
                        .reason())
                .isEqualTo(SharedReason.AUTH);
        assertThat(catchThrowableOfType(
                                RefusedException.class, () -> lfs(reader).lacking(one, REF))
                        .reason())
                .isIn(SharedReason.AUTH, SharedReason.FORBIDDEN);
    }
}
