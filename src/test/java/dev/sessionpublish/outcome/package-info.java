/** Tests of reasons, cleaning and redaction. */
@NullMarked
package dev.sessionpublish.outcome;

import org.jspecify.annotations.NullMarked;
