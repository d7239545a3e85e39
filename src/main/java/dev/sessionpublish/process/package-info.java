/** The operator process: start and shutdown, HTTP endpoints, logging, and the threads that run reconciles. */
@NullMarked
package dev.sessionpublish.process;

import org.jspecify.annotations.NullMarked;
