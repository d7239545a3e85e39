/** Gitea's part of the tests of forges. */
@NullMarked
package dev.sessionpublish.forge.gitea;

import org.jspecify.annotations.NullMarked;
