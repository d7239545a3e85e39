/** Holds the documents to what they are about. */
@NullMarked
package dev.sessionpublish.docs;

import org.jspecify.annotations.NullMarked;
