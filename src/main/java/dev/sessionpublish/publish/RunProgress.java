package dev.sessionpublish.publish;

/** Shows what a run does to whoever watches, before its step ends. */
interface RunProgress {
    /** Called when the sandbox has not answered after a second. */
    void awaitingSandbox(Run run);

    /** Called now and then in a long push, with the bytes sent so far. */
    void sending(Run run, long bytes);
}
