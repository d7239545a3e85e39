/** Git without Kubernetes: branch names, repository URLs, and the smart-HTTP push spoken to the forge. */
@NullMarked
package dev.sessionpublish.git;

import org.jspecify.annotations.NullMarked;
