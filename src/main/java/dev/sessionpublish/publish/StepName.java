package dev.sessionpublish.publish;

/** The steps of a publish, as docs/architecture.md lists them. */
enum StepName {
    ADMIT("admit"),
    /** All from resume to relay. */
    PUSH("push"),
    RESUME("resume"),
    RECALL("recall"),
    LOCATE("locate"),
    ADVERTISE("advertise"),
    ASK("ask"),
    PLAN("plan"),
    JOURNAL("journal"),
    RELAY("relay"),
    UPDATE("update"),
    PREPARE("prepare"),
    PULL_REQUEST("pull-request", "open");

    private final String word;
    private final String span;

    StepName(String word) {
        this(word, word);
    }

    StepName(String word, String span) {
        this.word = word;
        this.span = span;
    }

    /** The name in metrics. */
    String word() {
        return word;
    }

    /** The name in traces. */
    String span() {
        return span;
    }
}
