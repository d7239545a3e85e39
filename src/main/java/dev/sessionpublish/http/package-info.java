/** HTTPS to a forge: one client for each trusted host, with its certificates and its limits. */
@NullMarked
package dev.sessionpublish.http;

import org.jspecify.annotations.NullMarked;
