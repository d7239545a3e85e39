/** A real Gitea: where it is, how it is started and stopped, and the administrator's client for it. */
@NullMarked
package dev.sessionpublish.gitea;

import org.jspecify.annotations.NullMarked;
