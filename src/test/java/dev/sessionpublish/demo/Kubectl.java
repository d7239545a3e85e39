package dev.sessionpublish.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.lifecycle.RetryAnnotation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.URLUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * Shows the commands of a user and does over the API what kubectl would do, so that nobody needs kubectl to watch. The
 * files are those of the quickstart.
 */
final class Kubectl implements AutoCloseable {
    static final Path FILES = Path.of("docs", "quickstart");
    static final String NAMESPACE = "agents";
    /** The repository that the files name; a user puts the own one in its place. */
    static final String EXAMPLE_REPOSITORY = "https://github.com/acme/web";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubernetesClient client;
    private final String repository;
    private final Narrator narrator;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final List<Event> told = new ArrayList<>();
    private final Watch watch;

    /** @param repository stands wherever the files have {@link #EXAMPLE_REPOSITORY} */
    Kubectl(KubernetesClient client, String repository, Narrator narrator) {
        this.client = client;
        this.repository = repository;
        this.narrator = narrator;
        watch = client.events().v1().events().inNamespace(NAMESPACE).watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, Event event) {
                if (action == Action.ADDED) {
                    events.add(event);
                }
            }

            @Override
            public void onClose(WatcherException cause) {
                // What is missed is noticed where events are waited for.
            }
        });
    }

    void createNamespace() {
        narrator.command("kubectl create namespace " + NAMESPACE);
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .endMetadata()
                        .build())
                .create();
        narrator.output("namespace/" + NAMESPACE + " created");
    }

    void createSecret(String name, String key, String token) {
        narrator.command("kubectl -n " + NAMESPACE + " create secret generic " + name + " --from-literal=" + key
                + "=\"$TOKEN\"");
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(NAMESPACE)
                        .withName(name)
                        .endMetadata()
                        .withStringData(Map.of(key, token))
                        .build())
                .create();
        narrator.output("secret/" + name + " created");
    }

    /** Shows a file and applies it. */
    void apply(String file) throws IOException {
        String yaml = Files.readString(FILES.resolve(file));
        narrator.command("cat docs/quickstart/" + file);
        narrator.output(yaml);
        narrator.command(
                yaml.contains(EXAMPLE_REPOSITORY)
                        ? "sed \"s#" + EXAMPLE_REPOSITORY + "#$REPOSITORY#\" docs/quickstart/" + file
                                + " | kubectl apply -f -"
                        : "kubectl apply -f docs/quickstart/" + file);
        String own = yaml.replace(EXAMPLE_REPOSITORY, repository);
        List<HasMetadata> applied = client.load(new ByteArrayInputStream(own.getBytes(StandardCharsets.UTF_8)))
                .serverSideApply();
        applied.forEach(each -> narrator.output(qualified(each) + " created"));
    }

    private static String qualified(HasMetadata each) {
        String group =
                each.getApiVersion().contains("/") ? "." + each.getApiVersion().split("/")[0] : "";
        return each.getKind().toLowerCase(Locale.ROOT) + group + "/"
                + each.getMetadata().getName();
    }

    /** Waits for a project that is in order. @return whether it came to be */
    boolean awaitReady(String project) {
        narrator.command("kubectl -n " + NAMESPACE + " wait --for=condition=Ready sproj/" + project);
        try {
            client.resources(SessionProject.class)
                    .inNamespace(NAMESPACE)
                    .withName(project)
                    .waitUntilCondition(Kubectl::isReady, PATIENCE.toSeconds(), TimeUnit.SECONDS);
            narrator.output("sessionproject.sessionpublish.dev/" + project + " condition met");
            return true;
        } catch (KubernetesClientTimeoutException e) {
            narrator.output("error: timed out waiting for the condition on sessionprojects/" + project);
            return false;
        }
    }

    private static boolean isReady(SessionProject project) {
        return project != null
                && project.getStatus() != null
                && project.getStatus().conditions() != null
                && project.getStatus().conditions().stream()
                        .anyMatch(each -> each.getType().equals("Ready")
                                && each.getStatus().equals("True"));
    }

    /** Starts a publish again. */
    void retry(String name) {
        String now = String.valueOf(Instant.now().toEpochMilli());
        narrator.command("kubectl -n " + NAMESPACE + " annotate spub " + name + " --overwrite " + RetryAnnotation.NAME
                + "=" + now);
        client.resources(SessionPublish.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .edit(publish -> {
                    publish.getMetadata().getAnnotations().put(RetryAnnotation.NAME, now);
                    return publish;
                });
        narrator.output("sessionpublish.sessionpublish.dev/" + name + " annotated");
    }

    /** Tells the events of a publish as they come, until it has ended and all of them are told. */
    SessionPublish follow(String name) throws InterruptedException {
        narrator.command("kubectl -n " + NAMESPACE + " events --for sessionpublish/" + name + " --watch");
        Instant deadline = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(deadline)) {
            Event event = events.poll(100, TimeUnit.MILLISECONDS);
            if (event != null) {
                tell(event);
            } else {
                SessionPublish publish = get(name);
                if (hasEnded(publish)
                        && told(name) >= publish.getStatus().history().size()) {
                    return publish;
                }
            }
        }
        throw new IllegalStateException("The publish " + name + " has not ended within " + PATIENCE.toSeconds()
                + " seconds: " + get(name).getStatus());
    }

    private void tell(Event event) {
        told.add(event);
        String time = event.getEventTime().getTime().substring(11, 19);
        narrator.output("%s  %-7s  %-20s  %s".formatted(time, event.getType(), event.getReason(), event.getNote()));
    }

    private long told(String name) {
        return told.stream()
                .filter(event -> event.getRegarding().getName().equals(name))
                .count();
    }

    private static boolean hasEnded(SessionPublish publish) {
        SessionPublishStatus status = publish.getStatus();
        String retryAt = publish.getMetadata().getAnnotations().get(RetryAnnotation.NAME);
        return status != null
                && status.finishedAt() != null
                && publish.getMetadata().getGeneration().equals(status.observedGeneration())
                && (retryAt == null || retryAt.equals(status.observedRetryAt()));
    }

    SessionPublish get(String name) {
        return client.resources(SessionPublish.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .require();
    }

    List<Event> events() {
        return List.copyOf(told);
    }

    /** The row of one object, or of all, in the columns that the API server gives. */
    void getTable(String plural, String shortName, String name) throws IOException, InterruptedException {
        narrator.command("kubectl -n " + NAMESPACE + " get " + (shortName + " " + name).strip());
        JsonNode table = table(plural, name);
        List<List<String>> rows = new ArrayList<>();
        List<Integer> shown = IntStream.range(0, table.path("columnDefinitions").size())
                .filter(n ->
                        table.path("columnDefinitions").path(n).path("priority").asInt() == 0)
                .boxed()
                .toList();
        rows.add(shown.stream()
                .map(n -> table.path("columnDefinitions")
                        .path(n)
                        .path("name")
                        .asText()
                        .toUpperCase(Locale.ROOT))
                .toList());
        for (JsonNode row : table.path("rows")) {
            rows.add(shown.stream().map(n -> row.path("cells").path(n).asText()).toList());
        }
        rows.forEach(row -> narrator.output(aligned(row, rows)));
    }

    private static String aligned(List<String> row, List<List<String>> all) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            int at = column;
            int width =
                    all.stream().mapToInt(each -> each.get(at).length()).max().orElse(0);
            line.append(("%-" + (width + 3) + "s").formatted(row.get(column)));
        }
        return line.toString();
    }

    private JsonNode table(String plural, String name) throws IOException, InterruptedException {
        String url = URLUtils.join(
                client.getMasterUrl().toString(),
                "apis",
                SessionPublish.GROUP,
                SessionPublish.VERSION,
                "namespaces",
                NAMESPACE,
                plural,
                name);
        var http = client.getHttpClient();
        try {
            HttpResponse<byte[]> response = http.sendAsync(
                            http.newHttpRequestBuilder()
                                    .uri(url)
                                    .header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                                    .build(),
                            byte[].class)
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return JSON.readTree(response.body());
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
