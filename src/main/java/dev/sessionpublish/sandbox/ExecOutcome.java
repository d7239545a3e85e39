package dev.sessionpublish.sandbox;

/** The outcome of an exec, independent of whether git succeeded in it. */
public enum ExecOutcome {
    /** The exec ran as long as it was needed. */
    OK("ok"),
    /** The API server or the node did not start the exec. */
    REFUSED("refused"),
    /** The exec or its connection ended early. */
    CUT("cut"),
    /** The exec exceeded its time limit. */
    TIMEOUT("timeout"),
    /** The output was not valid output of the script. */
    GARBLED("garbled");

    private final String word;

    ExecOutcome(String word) {
        this.word = word;
    }

    /** The value of the metrics' label. */
    public String word() {
        return word;
    }
}
