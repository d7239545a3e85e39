package dev.sessionpublish.config;

/** How log lines are written. */
public enum LogFormat {
    /** For people: one line of text. */
    TEXT,
    /** For machines: one JSON object on each line. */
    JSON
}
