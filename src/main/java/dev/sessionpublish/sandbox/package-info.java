/** Locates the container that a publish's source refers to, and runs one bounded exec of git in it. */
@NullMarked
package dev.sessionpublish.sandbox;

import org.jspecify.annotations.NullMarked;
