package dev.sessionpublish.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A git remote as GitHub is one: git's own smart HTTP over TLS on loopback, with rights per token, hooks, renames and
 * GitHub's words for its refusals, and with {@link Fault}s on request. Repositories are {@code owner/name}, private
 * until made public, and lie bare in {@code ROOT/OWNER/NAME.git}; they are served with and without {@code .git}.
 */
public final class GitServer implements AutoCloseable {
    /** How a repository is made; without any: sha1, private, and one commit on {@code main}. */
    public enum Option {
        EMPTY,
        SHA256,
        PUBLIC
    }

    private static final String CONFIG = """
            [http]
            	receivepack = true
            [gc]
            	auto = 0
            [receive]
            	autogc = false
            	advertiseAtomic = true
            	advertisePushOptions = true
            [uploadpack]
            	allowFilter = true
            [safe]
            	directory = *
            """;
    /** Refuses each update it is asked for, in a text of ours (githooks, "proc-receive"). */
    private static final String PROC_RECEIVE = """
            line() {
              length=$(dd bs=1 count=4 2>/dev/null)
              [ "$length" != 0000 ] && dd bs=1 count=$((0x$length - 4)) 2>/dev/null | tr '\\0' '\\n'
            }
            say() { printf '%04x%s' $((${#1} + 4)) "$1"; }
            here=$(dirname "$0")
            while line >/dev/null; do :; done
            printf '000eversion=1\\n0000'
            refs=
            while update=$(line); do refs="$refs ${update##* }"; done
            cat "$here/refusal.text" >&2
            for ref in $refs; do say "ng $ref $(cat "$here/refusal.reason")"; done
            printf 0000
            """;

    private final Path root;
    private final Access access = new Access();
    private final List<LoggedRequest> log = new CopyOnWriteArrayList<>();
    private final GitService service;
    private final HttpsListener listener;

    private GitServer(TestCa ca, Path directory) throws IOException {
        root = Files.createDirectories(directory);
        Path home = Files.createDirectories(directory.resolve(".home"));
        Files.writeString(home.resolve(".gitconfig"), CONFIG);
        service = new GitService(root, home, access);
        listener = new HttpsListener(ca, service, log);
    }

    /** @param directory becomes {@link #root} */
    public static GitServer start(TestCa ca, Path directory) throws IOException {
        return new GitServer(ca, directory.toAbsolutePath());
    }

    public int port() {
        return listener.port();
    }

    /** From now on, ends each connection after one response, without saying so in it. */
    public void endConnections() {
        listener.endConnections();
    }

    /** Where the bare repositories are. */
    public Path root() {
        return root;
    }

    /** As a person would write it in a project: without {@code .git}. */
    public String url(String repository) {
        return "https://localhost:" + port() + "/" + repository;
    }

    /** The bare repository's directory. */
    public Path repository(String repository) {
        return root.resolve(repository + ".git");
    }

    /** Where an LFS object's content is once it has been uploaded. */
    public Path lfsObject(String name, String oid) {
        return new LfsStore(root()).content(name, oid);
    }

    /** @return the bare repository's directory */
    public Path createRepository(String repository, Option... options) throws IOException {
        List<Option> wanted = Arrays.asList(options);
        Path bare = Files.createDirectories(repository(repository));
        RealGit git = git(repository);
        git.run(
                "init",
                "--quiet",
                "--bare",
                "--initial-branch=main",
                "--object-format=" + (wanted.contains(Option.SHA256) ? "sha256" : "sha1"));
        if (!wanted.contains(Option.EMPTY)) {
            String title = "# " + repository.substring(repository.indexOf('/') + 1) + "\n";
            String blob = git.runWith(title.getBytes(StandardCharsets.UTF_8), "hash-object", "-w", "--stdin");
            String entry = "100644 blob " + blob + "\tREADME.md\n";
            String tree = git.runWith(entry.getBytes(StandardCharsets.UTF_8), "mktree");
            git.run("update-ref", "refs/heads/main", git.run("commit-tree", "-m", "Initial commit", tree));
        }
        if (wanted.contains(Option.PUBLIC)) {
            access.makePublic(repository);
        }
        return bare;
    }

    /** Git in the bare repository, to look at it or to play another person who pushes. */
    public RealGit git(String repository) {
        return RealGit.in(repository(repository))
                .with("GIT_AUTHOR_NAME", "A Person")
                .with("GIT_AUTHOR_EMAIL", "person@example.com")
                .with("GIT_COMMITTER_NAME", "A Person")
                .with("GIT_COMMITTER_EMAIL", "person@example.com");
    }

    /** What a branch points at; empty when it isn't there. */
    public Optional<String> tip(String repository, String branch) {
        RealGit.Result result = git(repository).attempt("rev-parse", "--verify", "--quiet", "refs/heads/" + branch);
        return Optional.of(result.out().strip()).filter(id -> result.exit() == 0);
    }

    /** Rights, tokens, archives, single sign-on. */
    public Access access() {
        return access;
    }

    /** Makes a token known whose user is {@code agent-bot}. */
    public void token(String token, Map<String, Access.Permission> permissions) {
        access.token(token, "agent-bot", permissions);
    }

    public void revoke(String token) {
        access.revoke(token);
    }

    /**
     * Sets a hook, as githooks(5) has it: what it prints reaches the client behind {@code remote: }.
     *
     * @param name {@code pre-receive}, {@code update} or {@code post-receive}
     * @param shell the body of a POSIX sh script
     */
    public void hook(String repository, String name, String shell) throws IOException {
        Path hook =
                Files.createDirectories(repository(repository).resolve("hooks")).resolve(name);
        Files.writeString(hook, "#!/bin/sh\n" + shell + "\n");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /**
     * Refuses every update of refs below a prefix with a reason of its own in the report, which a hook can't give:
     * {@code refuse("acme/web", "refs/heads/main", "protected branch hook declined", "error: GH006: …")}.
     */
    public void refuse(String repository, String refPrefix, String reason, String text) throws IOException {
        hook(repository, "proc-receive", PROC_RECEIVE);
        Path hooks = repository(repository).resolve("hooks");
        Files.writeString(hooks.resolve("refusal.reason"), reason);
        Files.writeString(hooks.resolve("refusal.text"), text + "\n");
        git(repository).run("config", "--add", "receive.procReceiveRefs", refPrefix);
    }

    /** Sets one of the repository's own settings, as {@code receive.denyNonFastForwards}. */
    public void config(String repository, String key, String value) {
        git(repository).run("config", key, value);
    }

    /** As after a rename at GitHub: requests for one repository are answered by 301 to the other. */
    public void rename(String from, String to) {
        redirect(from, 301, url(to));
    }

    /**
     * Answers requests for a repository with a redirect to the same place below another one.
     *
     * @param target the URL of the other repository, on any host
     */
    public void redirect(String repository, int status, String target) {
        service.redirect(repository, status, target);
    }

    /** Changes the list of capabilities that receive-pack advertises for a repository. */
    public void advertise(String repository, UnaryOperator<String> change) {
        service.advertise(repository, change);
    }

    /** Leaves capabilities out of the advertisement, with their values. */
    public void withoutCapabilities(String repository, String... names) {
        List<String> dropped = List.of(names);
        advertise(repository, list -> Arrays.stream(list.split(" "))
                .filter(each -> !dropped.contains(each.split("=")[0]))
                .collect(Collectors.joining(" ")));
    }

    /** Adds to the list of faults; the first in it that takes a request has it. */
    public Fault fault(Fault fault) {
        service.fault(fault);
        return fault;
    }

    /** Everything that was asked so far, oldest first. */
    public List<LoggedRequest> requests() {
        return List.copyOf(log);
    }

    /** Those of one method whose path ends so. */
    public List<LoggedRequest> requests(String method, String pathEnd) {
        return log.stream()
                .filter(each -> each.method().equals(method) && each.path().endsWith(pathEnd))
                .toList();
    }

    public void forgetRequests() {
        log.clear();
    }

    @Override
    public void close() throws IOException {
        service.release();
        listener.close();
    }
}
