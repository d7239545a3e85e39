package dev.sessionpublish.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A repository of the stand-in: its settings and pull requests, and what git says of the bare one behind it. */
public final class GitHubRepository {
    private final int id;
    private final Path root;
    private final TreeMap<Integer, GitHubPull> pulls = new TreeMap<>();
    private final Map<Integer, GitHubPullState> states = new ConcurrentHashMap<>();
    private final Set<String> collaborators = ConcurrentHashMap.newKeySet();
    private final Set<String> teams = ConcurrentHashMap.newKeySet();
    private final Map<Integer, List<String>> reviews = new ConcurrentHashMap<>();
    private final Map<Integer, String> closers = new ConcurrentHashMap<>();
    private volatile String fullName;
    private volatile boolean archived;
    private volatile boolean disabled;
    private volatile boolean pullRequests = true;
    private volatile boolean drafts = true;

    GitHubRepository(int id, Path root, String fullName) {
        this.id = id;
        this.root = root;
        this.fullName = fullName;
    }

    public GitHubRepository archived(boolean value) {
        archived = value;
        return this;
    }

    public GitHubRepository disabled(boolean value) {
        disabled = value;
        return this;
    }

    public GitHubRepository pullRequests(boolean enabled) {
        pullRequests = enabled;
        return this;
    }

    public GitHubRepository drafts(boolean supported) {
        drafts = supported;
        return this;
    }

    /** People who can be asked to review or be assigned. */
    public GitHubRepository collaborators(String... logins) {
        collaborators.addAll(List.of(logins));
        return this;
    }

    /** The slugs of the organization's teams that can be asked to review. */
    public GitHubRepository teams(String... slugs) {
        teams.addAll(List.of(slugs));
        return this;
    }

    /** Somebody approves a pull request, and is no longer asked to. */
    public synchronized void review(int number, String login) {
        GitHubPull pull = pull(number).orElseThrow();
        store(pull.with(
                pull.labels(),
                pull.reviewers().stream().filter(each -> !each.equals(login)).toList(),
                pull.teams(),
                pull.assignees()));
        reviews.merge(number, List.of(login), (all, more) -> Stream.concat(all.stream(), more.stream())
                .toList());
    }

    void closed(int number, String login) {
        closers.put(number, login);
    }

    /** Who closed a pull request. */
    Optional<String> closer(int number) {
        return Optional.ofNullable(closers.get(number));
    }

    /** Who has reviewed, oldest first. */
    List<String> reviewers(int number) {
        return reviews.getOrDefault(number, List.of());
    }

    boolean isTeam(String slug) {
        return teams.contains(slug);
    }

    int id() {
        return id;
    }

    String fullName() {
        return fullName;
    }

    String owner() {
        return fullName.substring(0, fullName.indexOf('/'));
    }

    String name() {
        return fullName.substring(fullName.indexOf('/') + 1);
    }

    boolean isArchived() {
        return archived;
    }

    boolean isDisabled() {
        return disabled;
    }

    boolean hasPullRequests() {
        return pullRequests;
    }

    boolean hasDrafts() {
        return drafts;
    }

    boolean isCollaborator(String login) {
        return collaborators.contains(login);
    }

    Path directory() {
        return root.resolve(fullName + ".git");
    }

    void renameTo(String newName) throws IOException {
        Path target = root.resolve(newName + ".git");
        Files.createDirectories(target.getParent());
        Files.move(directory(), target);
        fullName = newName;
    }

    /** Newest first. */
    synchronized List<GitHubPull> all() {
        List<GitHubPull> found = new ArrayList<>();
        pulls.descendingMap().values().forEach(each -> found.add(current(each)));
        return found;
    }

    synchronized Optional<GitHubPull> pull(int number) {
        return Optional.ofNullable(pulls.get(number)).map(this::current);
    }

    /** Checks, reviews and merge queue of a pull request. */
    public GitHubPullState state(int number) {
        return states.computeIfAbsent(number, any -> new GitHubPullState());
    }

    /** As many open pull requests of one branch as a test needs, with one after the other the next number. */
    public synchronized void seed(GitHubPull like, int count) {
        for (int i = 0; i < count; i++) {
            store(like.numbered(nextNumber()));
        }
    }

    /** Turns a pull request into a draft, or a draft into one that can be merged. */
    public synchronized void draft(int number, boolean draft) {
        store(pull(number).orElseThrow().drafted(draft));
    }

    /** Opens a closed pull request again, as a person does on its page. */
    public synchronized void reopen(int number) {
        store(pull(number).orElseThrow().reopened());
    }

    synchronized void store(GitHubPull pull) {
        pulls.put(pull.number(), pull);
    }

    synchronized int nextNumber() {
        return pulls.isEmpty() ? 1 : pulls.lastKey() + 1;
    }

    /** An open pull request follows its branches. */
    private GitHubPull current(GitHubPull stored) {
        if (!stored.open()) {
            return stored;
        }
        return stored.at(
                tip(stored.headBranch()).orElse(stored.headCommit()),
                tip(stored.baseBranch()).orElse(stored.baseCommit()));
    }

    String defaultBranch() {
        return RefFiles.head(directory()).orElse("main");
    }

    Optional<String> tip(String branch) {
        return RefFiles.tip(directory(), branch);
    }

    boolean hasCommit(String id) {
        return git("cat-file", "-e", id + "^{commit}").isPresent();
    }

    boolean conflicts(String base, String head) {
        return git("merge-tree", "--write-tree", base, head).isEmpty();
    }

    String mergeBase(String one, String other) {
        return git("merge-base", one, other).orElse("");
    }

    int commitsBetween(String base, String head) {
        return git("rev-list", "--count", base + ".." + head)
                .map(Integer::parseInt)
                .orElse(0);
    }

    /** Merges, and answers the merge commit, unless the two conflict. */
    Optional<String> merge(GitHubPull pull, Instant when) {
        Optional<String> tree = git("merge-tree", "--write-tree", pull.baseCommit(), pull.headCommit());
        Optional<String> merge = tree.flatMap(id -> git(
                "commit-tree",
                id,
                "-p",
                pull.baseCommit(),
                "-p",
                pull.headCommit(),
                "-m",
                "Merge pull request #" + pull.number() + " from " + owner() + "/" + pull.headBranch()));
        merge.ifPresent(commit -> {
            git("update-ref", "refs/heads/" + pull.baseBranch(), commit, pull.baseCommit());
            store(pull.ended(merge, when));
        });
        return merge;
    }

    /** Ends a pull request as a person does on its page: merged, or closed as it is. */
    public synchronized void end(int number, boolean merged) {
        GitHubPull pull = pull(number).orElseThrow();
        if (!merged) {
            closed(number, "grace");
            store(pull.ended(Optional.empty(), Instant.now()));
        } else if (merge(pull, Instant.now()).isEmpty()) {
            throw new IllegalStateException("#" + number + " has conflicts");
        }
    }

    /** Writes another title and description, as a person does on the page. */
    public synchronized void rewrite(int number, String title, String body) {
        GitHubPull pull = pull(number).orElseThrow();
        store(pull.edited(title, body, pull.baseBranch()));
    }

    /** Adds a label, as a person does on the page. */
    public synchronized void label(int number, String label) {
        GitHubPull pull = pull(number).orElseThrow();
        store(pull.with(
                Stream.concat(pull.labels().stream(), Stream.of(label)).toList(),
                pull.reviewers(),
                pull.teams(),
                pull.assignees()));
    }

    /** Moves a pull request to another base, as a person does on its page. */
    public synchronized void retarget(int number, String base) {
        GitHubPull pull = pull(number).orElseThrow();
        store(pull.edited(pull.title(), pull.body(), base));
    }

    /** Merges as one new commit on the base, and deletes the branch, as a repository may be set to. */
    public synchronized void squashAndDelete(int number) {
        GitHubPull pull = pull(number).orElseThrow();
        String tree = git("merge-tree", "--write-tree", pull.baseCommit(), pull.headCommit())
                .orElseThrow();
        String squashed = git("commit-tree", tree, "-p", pull.baseCommit(), "-m", pull.title())
                .orElseThrow();
        git("update-ref", "refs/heads/" + pull.baseBranch(), squashed, pull.baseCommit())
                .orElseThrow();
        store(pull.ended(Optional.of(squashed), Instant.now()));
        git("update-ref", "-d", "refs/heads/" + pull.headBranch()).orElseThrow();
    }

    private Optional<String> git(String... arguments) {
        RealGit.Result result = RealGit.in(directory())
                .with("GIT_AUTHOR_NAME", "GitHub")
                .with("GIT_COMMITTER_NAME", "GitHub")
                .attempt(arguments);
        return result.exit() == 0 ? Optional.of(result.out().strip()) : Optional.empty();
    }
}
