package dev.sessionpublish.gitea;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A real Gitea whose data this machine can read: either the running one that the settings {@code FORGE_…} name, or one
 * that is started here, which may be stopped and whose log may be read.
 */
public final class GiteaServer implements AutoCloseable {
    private final Path directory;
    private final GiteaAdmin admin;
    private final boolean own;

    private GiteaServer(Path directory, GiteaSettings settings, boolean own) {
        this.directory = directory;
        this.admin = GiteaAdmin.open(settings);
        this.own = own;
    }

    /** The running one, which other tests use at the same time; {@link #close} does not stop it. */
    public static GiteaServer running() {
        GiteaSettings settings = GiteaSettings.from(GiteaSettings::ofThisProcess);
        return new GiteaServer(settings.ca().orElseThrow().getParent(), settings, false);
    }

    /**
     * Starts one with the programs {@code up DIR} and {@code down DIR} in the folder that the system property
     * {@code forge.home} names, below the directory {@code forge.dir}. It logs as much as Gitea can.
     */
    public static GiteaServer start() throws IOException {
        String below = System.getProperty("forge.dir", "");
        assertThat(below).as("-Dforge.dir=DIR").isNotEmpty();
        Path directory = Files.createTempDirectory(Path.of(below), "own");
        Map<String, String> environment = run("up", directory)
                .lines()
                .filter(line -> line.startsWith("FORGE_"))
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        GiteaServer gitea = new GiteaServer(directory, GiteaSettings.from(environment::get), true);
        gitea.stop();
        gitea.logEverything();
        gitea.restart();
        return gitea;
    }

    private void logEverything() throws IOException {
        Path settings = directory.resolve("app.ini");
        String changed = Files.readString(settings)
                .replace("[database]", "[database]\nLOG_SQL = true")
                .replace("LEVEL = Warn", """
                        LEVEL = Trace
                        logger.access.MODE = console
                        logger.router.MODE = console
                        logger.xorm.MODE = console
                        """);
        assertThat(changed).contains("LOG_SQL", "LEVEL = Trace");
        Files.writeString(settings, changed);
    }

    public void stop() throws IOException {
        assertThat(own).as("only a Gitea that this test started may be stopped").isTrue();
        run("down", directory);
    }

    /** Starts it again on the same port with the same data. */
    public void restart() throws IOException {
        run("up", directory);
    }

    private static String run(String program, Path directory) throws IOException {
        String home = System.getProperty("forge.home", "");
        assertThat(home).as("-Dforge.home=DIR").isNotEmpty();
        Path output = Files.createTempFile("forge", ".out");
        try {
            Process process = new ProcessBuilder(Path.of(home, program).toString(), directory.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).as(program).isTrue();
            String printed = Files.readString(output);
            assertThat(process.exitValue()).as("%s: %s", program, printed).isZero();
            return printed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            Files.delete(output);
        }
    }

    public GiteaAdmin admin() {
        return admin;
    }

    public GiteaSettings settings() {
        return admin.settings();
    }

    /** {@code HOST:PORT}. */
    public String authority() {
        return settings().url().getAuthority();
    }

    public Path caPem() {
        return settings().ca().orElseThrow();
    }

    public String log() throws IOException {
        return Files.readString(directory.resolve("gitea.log"), StandardCharsets.ISO_8859_1);
    }

    /** The bare repository on Gitea's disk. */
    public Path bare(GiteaRepository repository) {
        return directory.resolve("repositories").resolve(repository.path() + ".git");
    }

    /** Where the content of an LFS object is once it has been uploaded. */
    public Path lfsObject(String oid) {
        return directory
                .resolve("lfs")
                .resolve(oid.substring(0, 2))
                .resolve(oid.substring(2, 4))
                .resolve(oid.substring(4));
    }

    /** Installs a hook that runs before every push to the repository. */
    public void preReceive(GiteaRepository repository, String shell) throws IOException {
        Path hook = bare(repository).resolve("hooks/pre-receive.d/test");
        Files.writeString(hook, "#!/bin/sh\n" + shell + "\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();
    }

    @Override
    public void close() throws IOException {
        admin.close();
        if (own) {
            stop();
        }
    }
}
