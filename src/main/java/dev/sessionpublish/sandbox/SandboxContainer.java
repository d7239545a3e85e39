package dev.sessionpublish.sandbox;

/** One container of one pod, certain: another pod of the same name has another uid. */
public record SandboxContainer(String namespace, String podName, String podUid, String container) {}
