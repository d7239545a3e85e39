/** What a publish decides: pure functions of spec, project, checkout, advertised refs and status. No I/O. */
@NullMarked
package dev.sessionpublish.publish.plan;

import org.jspecify.annotations.NullMarked;
