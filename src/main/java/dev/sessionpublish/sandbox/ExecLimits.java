package dev.sessionpublish.sandbox;

import java.time.Duration;

/**
 * The time limits of one exec of checkout.sh.
 *
 * @param checkout for the description of the checkout, and again for the list of commits that proves a fast-forward
 * @param silence how long nothing may arrive while the LFS objects and the pack are read
 * @param whole for the whole exec
 */
public record ExecLimits(Duration checkout, Duration silence, Duration whole) {}
