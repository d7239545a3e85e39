/** HTTPS connections to forges: one client per allowed host, with its certificates and limits. */
@NullMarked
package dev.sessionpublish.http;

import org.jspecify.annotations.NullMarked;
