/** The demo: whole publishes, told as they happen, on the embedded default. */
@NullMarked
package dev.sessionpublish.demo;

import org.jspecify.annotations.NullMarked;
