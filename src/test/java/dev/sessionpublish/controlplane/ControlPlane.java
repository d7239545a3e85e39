package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The API server that the system property {@code controlplane.kubeconfig} names, with the rights of that file's user.
 * {@code kubectl} is taken from the directory that {@code controlplane.bin} names, else from PATH.
 */
public record ControlPlane(Path kubeconfig) {
    public static final String KUBECONFIG = "controlplane.kubeconfig";
    private static final Path PROJECT = Path.of(System.getProperty("basedir", ""));

    /** Fails when there is none: a test that asks for a control plane never passes without. */
    public static ControlPlane given() {
        String kubeconfig = System.getProperty(KUBECONFIG, "");
        assertThat(kubeconfig).as("-D" + KUBECONFIG + "=FILE").isNotEmpty();
        return new ControlPlane(Path.of(kubeconfig));
    }

    /** The same as another user, {@code alice} or {@code bob}, whose kubeconfig lies beside. */
    public ControlPlane as(String user) {
        return new ControlPlane(kubeconfig.resolveSibling(user + ".kubeconfig"));
    }

    public KubernetesClient client() {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
    }

    /** Applies crds/ and returns when the API server serves both kinds. */
    public void applyCrds(KubernetesClient client) {
        for (Path file : crds()) {
            applyCrd(client, read(file));
        }
    }

    /** Applies a definition and returns when the API server serves its kind. */
    public void applyCrd(KubernetesClient client, String yaml) {
        CustomResourceDefinition crd =
                client.getKubernetesSerialization().unmarshal(yaml, CustomResourceDefinition.class);
        client.resource(crd).forceConflicts().serverSideApply();
        client.resource(crd).waitUntilCondition(ControlPlane::isEstablished, 30, TimeUnit.SECONDS);
    }

    /** A namespace of its own for a test class. */
    public String createNamespace(KubernetesClient client, String prefix) {
        return client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withGenerateName(prefix + "-")
                        .endMetadata()
                        .build())
                .create()
                .getMetadata()
                .getName();
    }

    /** What kubectl prints, on both streams; the test fails when its exit code isn't the expected one. */
    public String kubectl(int expectedExit, String... arguments) {
        return ask(arguments).with(expectedExit);
    }

    /** kubectl, whatever comes of it. */
    Printed ask(String... arguments) {
        return run("kubectl", Duration.ofSeconds(60), Map.of(), arguments);
    }

    /** {@code kubectl edit} by a person whose editor is a command. */
    Printed edit(String editor, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add(0, "edit");
        return run("kubectl", Duration.ofSeconds(60), Map.of("KUBE_EDITOR", editor), all.toArray(String[]::new));
    }

    /** What helm prints, likewise. */
    String helm(int expectedExit, String... arguments) {
        return run("helm", Duration.ofMinutes(5), Map.of(), arguments).with(expectedExit);
    }

    /** What a command printed, on both streams, and how it ended. */
    record Printed(List<String> command, int exit, String text) {
        String with(int expectedExit) {
            assertThat(exit).as("%s: %s", command, text).isEqualTo(expectedExit);
            return text;
        }
    }

    private Printed run(String program, Duration patience, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(program(program));
        command.add("--kubeconfig=" + kubeconfig);
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile(program, ".out");
            try {
                ProcessBuilder builder =
                        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                assertThat(process.waitFor(patience.toSeconds(), TimeUnit.SECONDS))
                        .as("%s", command)
                        .isTrue();
                return new Printed(command, process.exitValue(), Files.readString(output));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Where a program of the control plane is. */
    public static String program(String name) {
        String directory = System.getProperty("controlplane.bin", "");
        return directory.isEmpty() ? name : directory + "/" + name;
    }

    static List<Path> crds() {
        try (Stream<Path> files = Files.list(PROJECT.resolve("crds"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isEstablished(CustomResourceDefinition crd) {
        return crd != null
                && crd.getStatus() != null
                && crd.getStatus().getConditions() != null
                && crd.getStatus().getConditions().stream()
                        .anyMatch(c -> c.getType().equals("Established")
                                && c.getStatus().equals("True"));
    }
}
