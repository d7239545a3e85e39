/** Access to forges beyond git: the default branch and pull requests. */
@NullMarked
package dev.sessionpublish.forge;

import org.jspecify.annotations.NullMarked;
