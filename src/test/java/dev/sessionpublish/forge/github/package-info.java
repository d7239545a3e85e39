/** GitHub's part of the tests of forges. */
@NullMarked
package dev.sessionpublish.forge.github;

import org.jspecify.annotations.NullMarked;
