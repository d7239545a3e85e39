/** What a project is made of, and the credential it names. */
@NullMarked
package dev.sessionpublish.project;

import org.jspecify.annotations.NullMarked;
