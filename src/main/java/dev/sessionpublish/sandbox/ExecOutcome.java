package dev.sessionpublish.sandbox;

/** What became of an exec itself; whether git found what it was asked for is another matter. */
public enum ExecOutcome {
    /** It was talked to for as long as it was needed. */
    OK("ok"),
    /** The API server or the node did not start it. */
    REFUSED("refused"),
    /** It ended, or its connection broke, before all had been said. */
    CUT("cut"),
    /** It took longer than it may. */
    TIMEOUT("timeout"),
    /** It said what the script does not say. */
    GARBLED("garbled");

    private final String word;

    ExecOutcome(String word) {
        this.word = word;
    }

    /** As metrics name it. */
    public String word() {
        return word;
    }
}
