/** SessionProject: the repository that a namespace's sessions publish to, with its credential and rules. */
@NullMarked
package dev.sessionpublish.project;

import org.jspecify.annotations.NullMarked;
