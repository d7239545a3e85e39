/** How a step ended, in words that are safe to show: reasons, refusals that carry one, and the cleaning of text that came from outside. Every other package may use it; it uses none. */
@NullMarked
package dev.sessionpublish.outcome;

import org.jspecify.annotations.NullMarked;
