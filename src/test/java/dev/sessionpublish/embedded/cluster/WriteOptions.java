package dev.sessionpublish.embedded.cluster;

/**
 * How a write is asked for.
 *
 * @param manager who owns the fields it sets
 * @param force whether an apply takes fields from other managers
 * @param dryRun whether nothing is kept
 * @param strict whether fields that the schema doesn't know are refused rather than dropped
 */
record WriteOptions(String manager, boolean force, boolean dryRun, boolean strict) {}
