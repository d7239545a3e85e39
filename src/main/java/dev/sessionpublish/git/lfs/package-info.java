/** The Git LFS batch API and the upload of objects, as git-lfs's docs/api describes them. */
@NullMarked
package dev.sessionpublish.git.lfs;

import org.jspecify.annotations.NullMarked;
