/** The settings of the operator: their declaration, how they are read from environment variables, and their values. */
@NullMarked
package dev.sessionpublish.config;

import org.jspecify.annotations.NullMarked;
