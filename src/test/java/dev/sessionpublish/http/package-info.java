/** Tests of the HTTPS client of forges. */
@NullMarked
package dev.sessionpublish.http;

import org.jspecify.annotations.NullMarked;
