/**
 * The embedded default: stand-ins for the API server, the git server and GitHub that need no cluster and no account.
 * Never part of the product's jar.
 */
@NullMarked
package dev.sessionpublish.embedded;

import org.jspecify.annotations.NullMarked;
