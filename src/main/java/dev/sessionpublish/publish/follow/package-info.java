/**
 * Follows open pull requests: which are read when, with which credential, and what has changed since. The status is written
 * by the reconciler, which is woken for each pull request that has changed.
 */
@NullMarked
package dev.sessionpublish.publish.follow;

import org.jspecify.annotations.NullMarked;
