/** From a publish's source to a running container, and one bounded conversation with the git in it. */
@NullMarked
package dev.sessionpublish.sandbox;

import org.jspecify.annotations.NullMarked;
