package dev.sessionpublish.sandbox;

/** One container of one pod. The uid distinguishes it from a later pod of the same name. */
public record SandboxContainer(String namespace, String podName, String podUid, String container) {}
