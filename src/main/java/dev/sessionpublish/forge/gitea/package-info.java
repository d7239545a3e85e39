/** The implementation for Gitea and Forgejo, by the REST API that they share ({@code /api/v1}). */
@NullMarked
package dev.sessionpublish.forge.gitea;

import org.jspecify.annotations.NullMarked;
