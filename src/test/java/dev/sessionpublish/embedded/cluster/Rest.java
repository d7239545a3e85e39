package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Predicate;

/** From a request to reads and writes, and back to an answer. */
final class Rest {
    private final Resources resources;
    private final Store store;

    record Answer(int code, JsonNode body) {}

    Rest(Resources resources, Store store) {
        this.resources = resources;
        this.store = store;
    }

    static Predicate<JsonNode> selector(ApiRequest request, ResourcePath path) {
        Predicate<JsonNode> selected = Selectors.labels(request.param("labelSelector"))
                .and(Selectors.fields(path.type(), request.param("fieldSelector")));
        return path.name().isEmpty()
                ? selected
                : selected.and(object -> object.at("/metadata/name").asText().equals(path.name()));
    }

    Answer answer(ApiRequest request, ResourcePath path) {
        WriteOptions options = new WriteOptions(
                request.manager(),
                request.flag("force"),
                request.param("dryRun").equals("All"),
                request.param("fieldValidation").equals("Strict"));
        boolean named = !path.name().isEmpty();
        switch (request.method()) {
            case "GET":
                return new Answer(200, named ? one(request, path) : list(request, path));
            case "POST":
                if (!named) {
                    return new Answer(201, shown(request, path, resources.create(path, body(request), options)));
                }
                break;
            case "PUT":
                if (named) {
                    return new Answer(200, shown(request, path, resources.replace(path, body(request), options)));
                }
                break;
            case "PATCH":
                if (named) {
                    return patch(request, path, options);
                }
                break;
            case "DELETE":
                return new Answer(
                        200,
                        named ? resources.delete(path, body(request), options) : deleteAll(request, path, options));
            default:
                break;
        }
        throw ApiException.of(
                405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
    }

    private Answer patch(ApiRequest request, ResourcePath path, WriteOptions options) {
        synchronized (store) {
            boolean absent = request.contentType().equals("application/apply-patch+yaml")
                    && store.get(path.type().storage(), path.namespace(), path.name())
                            .isEmpty();
            if (request.contentType().equals("application/apply-patch+yaml")
                    && request.param("fieldManager").isEmpty()) {
                throw ApiException.of(
                        422,
                        "Invalid",
                        "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager:"
                                + " Required value: is required for apply patch");
            }
            ObjectNode patched = resources.patch(path, request.contentType(), request.body(), options);
            return new Answer(absent ? 201 : 200, shown(request, path, patched));
        }
    }

    private static ObjectNode body(ApiRequest request) {
        return request.body().isBlank() ? Json.object() : Json.readObject(request.body());
    }

    private JsonNode one(ApiRequest request, ResourcePath path) {
        return shown(request, path, resources.get(path));
    }

    private static JsonNode shown(ApiRequest request, ResourcePath path, ObjectNode object) {
        return Tables.wanted(request) ? Tables.of(path.type(), object.path("metadata"), List.of(object)) : object;
    }

    private JsonNode list(ApiRequest request, ResourcePath path) {
        ObjectNode list = Json.object();
        list.put("kind", path.type().kind() + "List")
                .put("apiVersion", path.type().apiVersion());
        List<ObjectNode> items;
        synchronized (store) {
            items = chunk(
                    request,
                    resources.list(path, selector(request, path)),
                    list.putObject("metadata").put("resourceVersion", Long.toString(store.version())));
        }
        if (Tables.wanted(request)) {
            return Tables.of(path.type(), list.path("metadata"), items);
        }
        list.putArray("items").addAll(items);
        return list;
    }

    /** What {@code limit} and {@code continue} ask for; later chunks have the version of the first. */
    private static List<ObjectNode> chunk(ApiRequest request, List<ObjectNode> all, ObjectNode metadata) {
        List<ObjectNode> rest = all;
        if (!request.param("continue").isEmpty()) {
            String[] token = request.param("continue").split(":", 2);
            metadata.put("resourceVersion", token[0]);
            rest = all.stream()
                    .filter(each -> key(each).compareTo(token[1]) > 0)
                    .toList();
        }
        int limit = request.param("limit").isEmpty() ? 0 : Integer.parseInt(request.param("limit"));
        if (limit == 0 || rest.size() <= limit) {
            return rest;
        }
        List<ObjectNode> chunk = rest.subList(0, limit);
        metadata.put("continue", metadata.path("resourceVersion").asText() + ":" + key(chunk.get(limit - 1)));
        metadata.put("remainingItemCount", rest.size() - limit);
        return chunk;
    }

    private static String key(ObjectNode object) {
        return object.at("/metadata/namespace").asText() + "/"
                + object.at("/metadata/name").asText();
    }

    private JsonNode deleteAll(ApiRequest request, ResourcePath path, WriteOptions options) {
        ObjectNode list = Json.object();
        list.put("kind", path.type().kind() + "List")
                .put("apiVersion", path.type().apiVersion());
        synchronized (store) {
            List<ObjectNode> items = resources.list(path, selector(request, path));
            for (ObjectNode item : items) {
                ResourcePath each = new ResourcePath(
                        path.type(),
                        item.at("/metadata/namespace").asText(),
                        item.at("/metadata/name").asText(),
                        "");
                resources.delete(each, Json.object(), options);
            }
            list.putObject("metadata").put("resourceVersion", Long.toString(store.version()));
            list.putArray("items").addAll(items);
        }
        return list;
    }
}
