/** SessionProject: which repository a namespace's sessions publish to, with which credential and rules. */
@NullMarked
package dev.sessionpublish.project;

import org.jspecify.annotations.NullMarked;
