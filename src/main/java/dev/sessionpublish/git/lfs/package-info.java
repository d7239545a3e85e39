/** The Git LFS batch API and the upload of objects, as git-lfs documents them in docs/api. */
@NullMarked
package dev.sessionpublish.git.lfs;

import org.jspecify.annotations.NullMarked;
