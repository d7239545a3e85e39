package dev.sessionpublish.publish;

import java.time.Duration;

/**
 * What a cluster admin sets for all publishes.
 *
 * @param enabled false to validate publishes without pushing or opening a pull request
 * @param workspaceRoot what a checkout must lie at or below, in the sandbox
 * @param workspaceDirectory where it is unless a publish says otherwise
 * @param execLimit of one conversation with a sandbox
 * @param maxPackBytes the largest pack that is relayed
 * @param progressInterval between two notes of how far a long push is
 * @param authorName who commits what was left uncommitted, when a publish asks for that
 */
public record PublishSettings(
        boolean enabled,
        String workspaceRoot,
        String workspaceDirectory,
        Duration execLimit,
        long maxPackBytes,
        Duration progressInterval,
        String authorName,
        String authorEmail) {}
