package dev.sessionpublish.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells what happens, and keeps account of whether it was what was announced. Plain text; in colour only where somebody
 * looks at a terminal.
 */
final class Narrator {
    private static final String BOLD = "\u001b[1m";
    private static final String CYAN = "\u001b[36m";
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String END = "\u001b[0m";

    private final PrintStream out;
    private final boolean colour;
    private final List<String> wrong = new ArrayList<>();
    private int scenes;
    private int checks;

    Narrator(PrintStream out, boolean colour) {
        this.out = out;
        this.colour = colour;
    }

    void scene(String title) {
        scenes++;
        String line = scenes + ". " + title;
        out.println();
        out.println(painted(BOLD, line));
        out.println("=".repeat(line.length()));
    }

    /** What a reader should know before what follows. */
    void say(String text) {
        out.println();
        text.lines().forEach(out::println);
    }

    /** What a user would type. */
    void command(String line) {
        out.println();
        out.println(painted(CYAN, "$ " + line));
    }

    /** What a program or a file says. */
    void output(String text) {
        text.stripTrailing().lines().forEach(line -> out.println(("  " + line).stripTrailing()));
    }

    /** A statement about what was just shown, and whether it is true. */
    void check(String statement, boolean holds) {
        checks++;
        if (holds) {
            out.println(painted(GREEN, "ok: ") + statement);
        } else {
            wrong.add(scenes + ". " + statement);
            out.println(painted(RED, "NOT SO: ") + statement);
        }
    }

    /** Sets what follows apart. */
    void pause() {
        out.println();
    }

    /** Whether every statement so far was true. */
    boolean isAllTrue() {
        return wrong.isEmpty();
    }

    void sum() {
        out.println();
        if (wrong.isEmpty()) {
            out.println(painted(GREEN, "All as shown: ") + scenes + " scenes, " + checks + " checks.");
        } else {
            out.println(painted(RED, wrong.size() + " of " + checks + " checks did not hold:"));
            wrong.forEach(each -> out.println("  " + each));
        }
    }

    private String painted(String code, String text) {
        return colour ? code + text + END : text;
    }
}
