package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;

/** One exec: its checks, its process, its end. */
final class Exec {
    private final ApiRequest request;
    private final ObjectNode pod;
    private final Optional<Path> root;
    private final ExecFaults faults;
    private final ExecutorService threads;
    private final AtomicReference<Optional<Process>> process = new AtomicReference<>(Optional.empty());
    private volatile boolean gone;

    /** @param root the running pod's files; empty when it doesn't run */
    Exec(ApiRequest request, ObjectNode pod, Optional<Path> root, ExecutorService threads) {
        this.request = request;
        this.pod = pod;
        this.root = root;
        this.threads = threads;
        this.faults = ExecFaults.of(pod);
    }

    ExecFaults faults() {
        return faults;
    }

    /** What the API server refuses before it opens any stream. */
    void check() {
        String podName = pod.at("/metadata/name").asText();
        List<String> containers = new ArrayList<>();
        pod.path("spec")
                .path("containers")
                .forEach(c -> containers.add(c.path("name").asText()));
        String asked = request.param("container");
        if (asked.isEmpty() && containers.size() != 1) {
            throw ApiException.badRequest("a container name must be specified for pod " + podName + ", choose one of: ["
                    + String.join(" ", containers) + "]");
        }
        pod.path("spec")
                .path("initContainers")
                .forEach(c -> containers.add(c.path("name").asText()));
        if (!asked.isEmpty() && !containers.contains(asked)) {
            throw ApiException.badRequest("container " + asked + " is not valid for pod " + podName);
        }
        if (pod.at("/spec/nodeName").asText().isEmpty()) {
            throw ApiException.badRequest("pod " + podName + " does not have a host assigned");
        }
        if (request.params("command").isEmpty()) {
            throw ApiException.badRequest("you must specify at least one command for the container");
        }
        if (!request.flag("stdin") && !request.flag("stdout") && !request.flag("stderr")) {
            throw ApiException.badRequest("you must specify at least 1 of stdin, stdout, stderr");
        }
    }

    /**
     * Takes the connection over and returns at once.
     *
     * @param breakOff breaks the connection without a close frame
     */
    void run(ServerWebSocket socket, Runnable breakOff) {
        ExecChannels channels = new ExecChannels(socket, this::clientGone);
        threads.execute(() -> converse(socket, channels, breakOff));
    }

    private void clientGone() {
        gone = true;
        process.get().ifPresent(HostProcess::kill);
    }

    private void converse(ServerWebSocket socket, ExecChannels channels, Runnable breakOff) {
        boolean v5 = "v5.channel.k8s.io".equals(socket.subProtocol());
        try {
            channels.open(request.flag("stdout") ? ExecChannels.STDOUT : ExecChannels.STDERR);
            if (v5 && !faults.delay().isZero()) {
                new CompletableFuture<Void>()
                        .completeOnTimeout(null, faults.delay().toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
                        .join();
            }
            if (faults.fail()) {
                channels.finish(
                        ExecStatus.internalError("unable to upgrade connection: a fault that a test asked for"));
                return;
            }
            if (root.isEmpty()) {
                channels.finish(ExecStatus.internalError(
                        "unable to upgrade connection: container not found (\"" + container() + "\")"));
                return;
            }
            Process started;
            try {
                started = start(root.get());
            } catch (ProgramMissing e) {
                channels.finish(ExecStatus.internalError(e.getMessage()));
                return;
            }
            if (serve(started, channels)) {
                channels.finish(ExecStatus.ofExitCode(exitCode()));
            } else if (v5) {
                channels.finish(ExecStatus.success());
            } else {
                channels.afterLastWrite(breakOff);
            }
        } catch (IOException e) {
            clientGone();
        }
    }

    private Process start(Path directory) throws ProgramMissing {
        try {
            Process started = HostProcess.start(request.params("command"), directory, environment());
            process.set(Optional.of(started));
            if (gone) {
                HostProcess.kill(started);
            }
            return started;
        } catch (IOException e) {
            throw new ProgramMissing("error executing command in container: exec: \""
                    + request.params("command").get(0) + "\": executable file not found in $PATH");
        }
    }

    /** @return whether stdout and stderr have been passed on to their ends; not when the exec was cut */
    private boolean serve(Process started, ExecChannels channels) throws IOException {
        if (request.flag("stdin")) {
            threads.execute(() -> channels.copyInput(started.getOutputStream()));
        } else {
            started.getOutputStream().close();
        }
        CompletableFuture<Void> errors = CompletableFuture.runAsync(
                () -> {
                    try {
                        pass(started.getErrorStream(), "stderr", ExecChannels.STDERR, channels, -1);
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                threads);
        boolean whole = pass(started.getInputStream(), "stdout", ExecChannels.STDOUT, channels, faults.cutAfter());
        if (!whole) {
            HostProcess.kill(started);
            return false;
        }
        try {
            errors.join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause());
        }
        return true;
    }

    private boolean pass(InputStream from, String stream, byte channel, ExecChannels channels, long limit)
            throws IOException {
        if (request.flag(stream)) {
            return channels.copyOutput(from, channel, limit);
        }
        from.skip(Long.MAX_VALUE);
        while (from.read() >= 0) {
            from.skip(Long.MAX_VALUE);
        }
        return true;
    }

    private int exitCode() throws IOException {
        try {
            return process.get().orElseThrow().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private String container() {
        String asked = request.param("container");
        return asked.isEmpty() ? pod.at("/spec/containers/0/name").asText() : asked;
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        for (JsonNode container : pod.path("spec").path("containers")) {
            if (container.path("name").asText().equals(container())) {
                for (JsonNode variable : container.path("env")) {
                    environment.put(
                            variable.path("name").asText(),
                            variable.path("value").asText());
                }
            }
        }
        return environment;
    }

    private static final class ProgramMissing extends Exception {
        ProgramMissing(String message) {
            super(message);
        }
    }
}
