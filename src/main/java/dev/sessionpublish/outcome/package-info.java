/**
 * The outcome of a step: reasons, the exception that carries one, and the cleaning and redaction of text from outside.
 * Every other package may use this package; it uses none.
 */
@NullMarked
package dev.sessionpublish.outcome;

import org.jspecify.annotations.NullMarked;
