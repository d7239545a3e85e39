/** Tests of branch names and repository URLs. */
@NullMarked
package dev.sessionpublish.git;

import org.jspecify.annotations.NullMarked;
