/** Git, independent of Kubernetes: branch names, repository URLs, and pushes to a forge over smart HTTP. */
@NullMarked
package dev.sessionpublish.git;

import org.jspecify.annotations.NullMarked;
