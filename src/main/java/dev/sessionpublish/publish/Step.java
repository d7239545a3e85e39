package dev.sessionpublish.publish;

/** The steps of docs/architecture.md that take time: timed, and each a span of a publish's trace. */
enum Step {
    ADMIT("admit", "admit"),
    /** All from locate to relay. */
    PUSH("push", "push"),
    LOCATE("locate", "locate"),
    ADVERTISE("advertise", "advertise"),
    ASK("ask", "ask"),
    JOURNAL("journal", "journal"),
    RELAY("relay", "relay"),
    PULL_REQUEST("pull-request", "open");

    private final String word;
    private final String span;

    Step(String word, String span) {
        this.word = word;
        this.span = span;
    }

    /** As metrics name it. */
    String word() {
        return word;
    }

    /** As traces and docs/architecture.md name it. */
    String span() {
        return span;
    }
}
