package dev.sessionpublish.sandbox;

import java.util.Map;
import java.util.Optional;

/**
 * The sandbox that a publish refers to.
 *
 * @param name the name of the pod or Sandbox that the spec names
 * @param uid the uid of that object
 * @param annotations the pod's annotations, written by its creator or by the agent's harness
 * @param notice a message to the user about the source
 */
public record LocatedSandbox(
        SandboxContainer container,
        String name,
        String uid,
        Map<String, String> annotations,
        Optional<String> notice) {}
