package dev.sessionpublish.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The image of the build, its layers unpacked over one another as a container engine does it. What a base brings along is
 * not in it when the base is {@code scratch}.
 *
 * @param root the root of its file system
 * @param config what the image says of itself, as the OCI image specification has it
 */
public record OperatorImage(Path root, JsonNode config) {
    /** The system property with the path of the tarball. */
    public static final String TAR = "image.tar";

    /** Fails when the build made none. */
    public static OperatorImage unpack(Path tar, Path directory) throws IOException, InterruptedException {
        assertThat(tar).as("-D" + TAR + "=FILE, the image").isRegularFile();
        Path blobs = Files.createDirectories(directory.resolve("blobs"));
        Path root = Files.createDirectories(directory.resolve("root"));
        run("tar", "-xf", tar.toString(), "-C", blobs.toString());
        JsonNode manifest = new ObjectMapper()
                .readTree(blobs.resolve("manifest.json").toFile())
                .path(0);
        for (JsonNode layer : manifest.path("Layers")) {
            run("tar", "-xzpf", blobs.resolve(layer.asText()).toString(), "-C", root.toString());
        }
        JsonNode config = new ObjectMapper()
                .readTree(blobs.resolve(manifest.path("Config").asText()).toFile());
        return new OperatorImage(root, config);
    }

    /** @param absolute its path in a container */
    public Path file(String absolute) {
        return root.resolve(absolute.substring(1));
    }

    public Path jar() {
        return file("/app/classpath/session-publish-operator.jar");
    }

    public List<String> entrypoint() {
        return strings("Entrypoint").toList();
    }

    /** The variables that the image sets. */
    Map<String, String> environment() {
        return strings("Env").collect(Collectors.toMap(each -> each.split("=", 2)[0], each -> each.split("=", 2)[1]));
    }

    private Stream<String> strings(String field) {
        return StreamSupport.stream(config.path("config").path(field).spliterator(), false)
                .map(JsonNode::asText);
    }

    /** A program of the image's Java runtime, run on this host. */
    String java(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(file("/opt/java/bin/" + program).toString()));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    /**
     * Adds the host's libraries that the runtime links to and the image lacks: they stand for those of the base. They are
     * the C library, its loader, zlib, and those of the C++ compiler.
     */
    void addLibrariesOfTheBase() throws IOException, InterruptedException {
        List<Path> linked;
        try (Stream<Path> files = Files.walk(file("/opt/java"))) {
            linked = files.filter(file -> file.toString().endsWith(".so") || file.endsWith(Path.of("bin", "java")))
                    .toList();
        }
        for (Path each : linked) {
            for (String word : run("ldd", each.toString()).split("\\s+")) {
                if (word.startsWith("/") && !word.startsWith(root.toString()) && !Files.exists(file(word))) {
                    Files.createDirectories(file(word).getParent());
                    Files.copy(Path.of(word).toRealPath(), file(word));
                }
            }
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as("%s: %s", List.of(command), output).isZero();
        return output;
    }
}
