package dev.sessionpublish.demo;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The forge that the demo publishes to, with one repository there. What it tells of it was asked of the forge. */
interface DemoForge extends AutoCloseable {

    /** @param text the whole, for a person to read */
    record Pull(int number, boolean open, String headBranch, String baseBranch, String title, String url, String text) {
        boolean joins(String head, String base) {
            return headBranch.equals(head) && baseBranch.equals(base);
        }
    }

    /** What stands there instead of a forge in use, and what doesn't; for the introduction. */
    String introduction();

    /** Names and addresses, a line each. */
    List<String> whereabouts();

    /** As a cluster admin lists it: one entry of the forges file. */
    String entry();

    String repositoryUrl();

    /** Where the agent clones from, without a credential. */
    String cloneUrl();

    /** What the agent's git needs in its environment to clone. */
    Map<String, String> cloneEnvironment();

    /** May push and open pull requests. */
    String token();

    /** Is only for pushing, in the scene that hands over. */
    String pushToken();

    Optional<String> tip(String branch) throws IOException;

    /** The commits that a branch has on top of {@code main}. */
    Shown log(String branch) throws IOException;

    /** One commit more on a branch, by somebody else. */
    void humanPushes(String branch, String message) throws IOException;

    /** All of the repository, as the forge's API or store has them. */
    List<Pull> pulls() throws IOException;

    /** Who tells {@link #pulls}. */
    String teller();

    /** How a person looks at a branch after {@code --keep}. */
    String lookAt(String branch);

    @Override
    void close() throws IOException;

    /** A command, and what it says. */
    record Shown(String command, String output) {}
}
