/** The operator process: its start and end, its HTTP endpoints, its log, and the threads that reconcile. */
@NullMarked
package dev.sessionpublish.process;

import org.jspecify.annotations.NullMarked;
