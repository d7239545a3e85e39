/** The demo: whole publishes, told as they happen, on the embedded default or on a Gitea that is running. */
@NullMarked
package dev.sessionpublish.demo;

import org.jspecify.annotations.NullMarked;
