package dev.sessionpublish.scenarios;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.OperatorInProcess;
import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.SandboxCheckout;
import dev.sessionpublish.embedded.cluster.AuditEntry;
import dev.sessionpublish.outcome.Reason;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** One world with an operator, for many publishes of many sandboxes, each by a name of its own. */
final class SandboxScene implements AutoCloseable {
    private final Path directory;
    private final EmbeddedWorld world;
    private final OperatorInProcess operator;
    private final AtomicInteger sandboxes = new AtomicInteger();

    private SandboxScene(Path directory, EmbeddedWorld world, OperatorInProcess operator) {
        this.directory = directory;
        this.world = world;
        this.operator = operator;
    }

    /** @param more settings of the operator */
    static SandboxScene start(Path directory, Map<String, String> more) throws IOException {
        EmbeddedWorld world = EmbeddedWorld.start(directory);
        Map<String, String> environment = new HashMap<>(world.environment());
        environment.putAll(more);
        world.registerProject();
        OperatorInProcess operator = OperatorInProcess.start(world.cluster().config(), environment);
        Awaitility.await("project").atMost(Duration.ofSeconds(60)).until(() -> {
            SessionProject project = world.client()
                    .resources(SessionProject.class)
                    .inNamespace(EmbeddedWorld.NAMESPACE)
                    .withName("web")
                    .get();
            return project.getStatus() != null && project.getStatus().defaultBranch() != null;
        });
        return new SandboxScene(directory, world, operator);
    }

    EmbeddedWorld world() {
        return world;
    }

    Path origin() {
        return world.git().repository(EmbeddedWorld.REPOSITORY);
    }

    /** A pod to come, with an empty workspace. */
    Sandbox sandbox() throws IOException {
        String name = "s" + sandboxes.incrementAndGet();
        Path root = directory.resolve("sandboxes").resolve(name);
        Files.createDirectories(root.resolve("workspace"));
        return new Sandbox(name, root, new TreeMap<>());
    }

    /** Every branch of the repository and what it points at. */
    String refs() {
        return world.git().git(EmbeddedWorld.REPOSITORY).run("for-each-ref", "--format=%(refname) %(objectname)");
    }

    int pulls() {
        return world.gitHub().pulls(EmbeddedWorld.REPOSITORY).size();
    }

    @Override
    public void close() throws IOException {
        operator.close();
        world.close();
    }

    /** A sandbox; its publishes carry its name. */
    final class Sandbox {
        private final String name;
        private final Path root;
        private final Map<String, String> environment;

        private Sandbox(String name, Path root, Map<String, String> environment) {
            this.name = name;
            this.root = root;
            this.environment = environment;
        }

        String name() {
            return name;
        }

        /** What stands for the root of the pod's file system. */
        Path root() {
            return root;
        }

        Path workspace() {
            return root.resolve("workspace");
        }

        Path repo() {
            return workspace().resolve("repo");
        }

        SandboxCheckout cloned() {
            return SandboxCheckout.cloneOf(origin(), repo());
        }

        /** As the pod's spec would define it. */
        Sandbox env(String variable, String value) {
            environment.put(variable, value);
            return this;
        }

        /** A program that is found before the machine's own. */
        Sandbox program(String program, String shell) throws IOException {
            Path bin = Files.createDirectories(root.resolve("bin"));
            Path file = bin.resolve(program);
            Files.writeString(file, "#!/bin/sh\n" + shell + "\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
            return env("PATH", bin + ":" + System.getenv("PATH"));
        }

        /** Runs the pod, publishes from it and waits for the end. */
        SessionPublish publish(String more) {
            start(more, "");
            return end();
        }

        SessionPublish publishFrom(String directoryInPod, String more) {
            start(more, ", directory: \"" + directoryInPod.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
            return end();
        }

        void start(String more, String source) {
            start(more, source, List.of("agent"));
        }

        void start(String more, String source, List<String> containers) {
            run(containers);
            world.publish(name, name + source, more);
        }

        void run(List<String> containers) {
            List<EnvVar> variables = environment.entrySet().stream()
                    .map(each -> new EnvVar(each.getKey(), each.getValue(), null))
                    .toList();
            world.client()
                    .resource(new PodBuilder()
                            .withNewMetadata()
                            .withNamespace(EmbeddedWorld.NAMESPACE)
                            .withName(name)
                            .addToLabels("sessionpublish.dev/sandbox", "true")
                            .endMetadata()
                            .withNewSpec()
                            .addAllToContainers(containers.stream()
                                    .map(container -> new ContainerBuilder()
                                            .withName(container)
                                            .withImage("none")
                                            .withEnv(variables)
                                            .build())
                                    .toList())
                            .endSpec()
                            .build())
                    .create();
            world.cluster().runPod(EmbeddedWorld.NAMESPACE, name, root);
        }

        SessionPublish end() {
            return world.awaitEnd(name);
        }

        /** Waits until the publish waits for this reason, then takes it away. */
        SessionPublish waitsFor(Reason reason) {
            SessionPublish publish = world.await(
                    name,
                    each -> each.getStatus() != null
                            && (each.getStatus().finishedAt() != null
                                    || each.getStatus().nextAttemptAt() != null));
            assertThat(publish.getStatus().reason())
                    .as(String.valueOf(publish.getStatus()))
                    .isEqualTo(reason.code());
            assertThat(publish.getStatus().phase()).isEqualTo(Phase.Waiting);
            world.client().resource(publish).delete();
            return publish;
        }

        /** The execs in this pod so far. */
        List<AuditEntry> execs() {
            return world.cluster().audit().execs().stream()
                    .filter(entry -> entry.path().contains("/pods/" + name + "/"))
                    .toList();
        }

        /** Every file below the workspace with its bytes, links by their target. */
        Map<Path, String> files() throws IOException {
            Map<Path, String> contents = new TreeMap<>();
            try (Stream<Path> walk = Files.walk(workspace())) {
                for (Path path : walk.toList()) {
                    if (Files.isSymbolicLink(path)) {
                        contents.put(path, Files.readSymbolicLink(path).toString());
                    } else if (Files.isRegularFile(path)) {
                        contents.put(path, new String(Files.readAllBytes(path), ISO_8859_1));
                    } else {
                        contents.put(path, "directory");
                    }
                }
            }
            return contents;
        }
    }
}
