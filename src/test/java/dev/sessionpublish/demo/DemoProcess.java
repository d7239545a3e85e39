package dev.sessionpublish.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a run of the demo came to, as a process of its own, since its exit code is part of what it says.
 *
 * @param output both streams
 */
record DemoProcess(int exit, String output) {

    /** @param forge the environment variables {@code FORGE_…}; of the test's own none is passed on */
    static DemoProcess run(Map<String, String> forge, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Demo.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("FORGE_"));
        builder.environment().putAll(forge);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new DemoProcess(process.waitFor(), output);
    }
}
