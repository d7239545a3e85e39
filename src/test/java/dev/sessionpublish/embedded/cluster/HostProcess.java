package dev.sessionpublish.embedded.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A program of this host that stands for one of a container. There is no chroot and no container: the working
 * directory and HOME are the pod's root, the environment has PATH and what the pod defines, and an argument that is
 * {@code /workspace} or begins with {@code /workspace/} means that path below the root. Nothing else is translated: not
 * paths within an argument, not what the program prints.
 */
final class HostProcess {
    private static final String MAPPED = "/workspace";

    private HostProcess() {}

    /** @throws IOException when there is no such program */
    static Process start(List<String> argv, Path root, Map<String, String> podEnvironment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                argv.stream().map(argument -> mapped(argument, root)).toList());
        builder.directory(root.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", System.getenv("PATH"));
        environment.put("HOME", root.toString());
        environment.putAll(podEnvironment);
        return builder.start();
    }

    private static String mapped(String argument, Path root) {
        return argument.equals(MAPPED) || argument.startsWith(MAPPED + "/") ? root + argument : argument;
    }

    /** Ends a process and everything it started. */
    static void kill(Process process) {
        List<ProcessHandle> family = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        family.forEach(ProcessHandle::destroyForcibly);
    }
}
