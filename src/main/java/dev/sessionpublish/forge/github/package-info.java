/** The implementation for GitHub and GitHub Enterprise, by the REST API. */
@NullMarked
package dev.sessionpublish.forge.github;

import org.jspecify.annotations.NullMarked;
