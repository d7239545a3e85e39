/** The operator's settings: their declarations, their parsing from environment variables, and their values. */
@NullMarked
package dev.sessionpublish.config;

import org.jspecify.annotations.NullMarked;
