package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * One write, as watches see it.
 *
 * @param before what was stored before it; empty for a creation
 * @param after what is stored after it; empty for a removal
 * @param last the object to show: {@code after}, or the last state with the version of its removal
 */
record Change(long version, String storage, Optional<ObjectNode> before, Optional<ObjectNode> after, ObjectNode last) {}
