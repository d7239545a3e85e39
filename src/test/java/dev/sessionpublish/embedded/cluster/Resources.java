package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Reads and writes of objects, with the rules that every kind shares. */
final class Resources {
    private final Store store;
    private final ResourceTypes types;
    private final Names names = new Names();

    Resources(Store store, ResourceTypes types) {
        this.store = store;
        this.types = types;
    }

    ObjectNode get(ResourcePath path) {
        return store.get(path.type().storage(), path.namespace(), path.name())
                .map(stored -> EventView.shown(path.type(), stored))
                .orElseThrow(() -> ApiException.notFound(path.type(), path.name()));
    }

    List<ObjectNode> list(ResourcePath path, Predicate<JsonNode> selected) {
        return store.list(path.type().storage(), path.namespace()).stream()
                .map(stored -> EventView.shown(path.type(), stored))
                .filter(selected)
                .toList();
    }

    ObjectNode create(ResourcePath path, ObjectNode body, WriteOptions options) {
        ResourceType type = path.type();
        checkKind(type, body);
        ObjectNode metadata = Json.child(body, "metadata");
        checkNamespace(path, metadata);
        if (!metadata.path("resourceVersion").asText().isEmpty()) {
            throw ApiException.of(500, "InternalError", "resourceVersion should not be set on objects to be created");
        }
        metadata.put("name", names.of(type, metadata));
        if (type.statusSubresource()) {
            body.remove("status");
        }
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("creationTimestamp", now());
        metadata.remove(List.of("selfLink", "deletionTimestamp", "generation", "deletionGracePeriodSeconds"));
        if (type.statusSubresource() || type.custom()) {
            metadata.put("generation", 1);
        }
        BuiltInDefaults.apply(type, body);
        CrdSchema.of(type).admit(body, options.strict());
        FieldOwnership.written(type, Optional.empty(), body, "", options.manager(), now());
        synchronized (store) {
            String name = metadata.path("name").asText();
            refuseInDyingNamespace(path.namespace(), name, type);
            if (store.get(type.storage(), path.namespace(), name).isPresent()) {
                throw ApiException.alreadyExists(type, name);
            }
            return EventView.shown(type, keep(type, EventView.stored(type, body), options));
        }
    }

    ObjectNode replace(ResourcePath path, ObjectNode body, WriteOptions options) {
        checkKind(path.type(), body);
        checkNamespace(path, Json.child(body, "metadata"));
        boolean leaseOrAbsent = path.type().is("coordination.k8s.io", "leases")
                && path.subresource().isEmpty();
        synchronized (store) {
            if (leaseOrAbsent
                    && store.get(path.type().storage(), path.namespace(), path.name())
                            .isEmpty()) {
                return create(path, body, options);
            }
            if (path.type().custom()
                    && body.path("metadata").path("resourceVersion").asText().isEmpty()) {
                get(path);
                throw ApiException.invalid(
                        path.type(),
                        path.name(),
                        List.of(new ApiException.Cause(
                                "FieldValueInvalid",
                                "metadata.resourceVersion",
                                "Invalid value: 0: must be specified for an update")));
            }
            return update(path, options, current -> body, true);
        }
    }

    ObjectNode patch(ResourcePath path, String mediaType, String patch, WriteOptions options) {
        if (mediaType.equals("application/apply-patch+yaml")) {
            return apply(path, Json.readObject(patch), options);
        }
        JsonNode parsed = Json.read(patch);
        synchronized (store) {
            return update(path, options, current -> Patches.patched(path.type(), mediaType, current, parsed), true);
        }
    }

    private ObjectNode apply(ResourcePath path, ObjectNode applied, WriteOptions options) {
        checkKind(path.type(), applied);
        ObjectNode metadata = Json.child(applied, "metadata");
        checkNamespace(path, metadata);
        if (!metadata.has("name")) {
            metadata.put("name", path.name());
        }
        if (metadata.has("managedFields")) {
            throw ApiException.badRequest("metadata.managedFields must be nil");
        }
        Apply apply = new Apply(path.type(), path.subresource(), options, now());
        synchronized (store) {
            Optional<ObjectNode> current = store.get(path.type().storage(), path.namespace(), path.name());
            if (current.isEmpty() && path.subresource().isEmpty()) {
                if (!metadata.path("uid").asText().isEmpty()) {
                    throw ApiException.conflict(
                            path.type(),
                            path.name(),
                            "uid mismatch: the provided object specified uid "
                                    + metadata.path("uid").asText() + ", and no existing object was found");
                }
                return createApplied(path, apply.onto(Optional.empty(), applied), options);
            }
            return update(path, options, shown -> apply.onto(Optional.of(shown), applied), false);
        }
    }

    private ObjectNode createApplied(ResourcePath path, ObjectNode body, WriteOptions options) {
        JsonNode owners = body.path("metadata").path("managedFields");
        ObjectNode created = create(path, body, new WriteOptions(options.manager(), false, true, options.strict()));
        Json.child(created, "metadata").set("managedFields", owners);
        return EventView.shown(path.type(), keep(path.type(), EventView.stored(path.type(), created), options));
    }

    /** Changes an object by the rules of updates; the caller holds the store. */
    private ObjectNode update(
            ResourcePath path, WriteOptions options, UnaryOperator<ObjectNode> change, boolean recordOwner) {
        ResourceType type = path.type();
        String name = path.name();
        ObjectNode current = get(path);
        ObjectNode next = change.apply(current.deepCopy());
        ObjectNode metadata = Json.child(next, "metadata");
        JsonNode old = current.path("metadata");
        if (!metadata.path("name").asText(name).equals(name)) {
            throw ApiException.badRequest("the name of the object ("
                    + metadata.path("name").asText() + ") does not match the name on the URL (" + name + ")");
        }
        if (!metadata.path("uid")
                .asText(old.path("uid").asText())
                .equals(old.path("uid").asText())) {
            throw ApiException.conflict(
                    type,
                    name,
                    "Precondition failed: UID in precondition: "
                            + metadata.path("uid").asText() + ", UID in object meta: "
                            + old.path("uid").asText());
        }
        String asked = metadata.path("resourceVersion").asText();
        if (!asked.isEmpty() && !asked.equals(old.path("resourceVersion").asText())) {
            throw ApiException.modified(type, name);
        }
        next = Subresources.merged(type, path.subresource(), current, next);
        next.put("apiVersion", type.apiVersion()).put("kind", type.kind());
        BuiltInDefaults.apply(type, next);
        CrdSchema.of(type).admit(next, options.strict());
        Subresources.generation(type, current, next);
        if (recordOwner) {
            FieldOwnership.written(type, Optional.of(current), next, path.subresource(), options.manager(), now());
        }
        if (FieldOwnership.sameButTimes(current, next)) {
            return current;
        }
        ObjectNode stored = EventView.stored(type, next);
        if (old.has("deletionTimestamp") && stored.at("/metadata/finalizers").isEmpty()) {
            return options.dryRun() ? next : EventView.shown(type, remove(type, stored));
        }
        return EventView.shown(type, keep(type, stored, options));
    }

    /** @return what the server answers: the object when it stays for its finalizers, else a Status, or the last pod */
    ObjectNode delete(ResourcePath path, JsonNode body, WriteOptions options) {
        ResourceType type = path.type();
        synchronized (store) {
            ObjectNode current = store.get(type.storage(), path.namespace(), path.name())
                    .orElseThrow(() -> ApiException.notFound(type, path.name()));
            for (String field : Set.of("uid", "resourceVersion")) {
                String wanted = body.path("preconditions").path(field).asText();
                String found = current.path("metadata").path(field).asText();
                if (!wanted.isEmpty() && !wanted.equals(found)) {
                    throw ApiException.conflict(
                            type,
                            path.name(),
                            "Precondition failed: " + field + " in precondition: " + wanted + ", in object meta: "
                                    + found);
                }
            }
            if (options.dryRun()) {
                return current;
            }
            if (type.is("", "namespaces")) {
                return deleteNamespace(type, current, options);
            }
            if (!current.at("/metadata/finalizers").isEmpty()) {
                return EventView.shown(type, markDeleted(type, current, options));
            }
            ObjectNode last = remove(type, current);
            return type.is("", "pods") ? last : deleted(type, last);
        }
    }

    private ObjectNode markDeleted(ResourceType type, ObjectNode current, WriteOptions options) {
        if (current.path("metadata").has("deletionTimestamp")) {
            return current;
        }
        ObjectNode dying = current.deepCopy();
        ObjectNode metadata = Json.child(dying, "metadata");
        metadata.put("deletionTimestamp", now()).put("deletionGracePeriodSeconds", 0);
        if (metadata.has("generation")) {
            metadata.put("generation", metadata.path("generation").asLong() + 1);
        }
        return keep(type, dying, options);
    }

    private ObjectNode deleteNamespace(ResourceType type, ObjectNode namespace, WriteOptions options) {
        String name = namespace.path("metadata").path("name").asText();
        ObjectNode dying = markDeleted(type, namespace, options).deepCopy();
        Json.child(dying, "status").put("phase", "Terminating");
        keep(type, dying, options);
        store.inNamespace(name).forEach((storage, objects) -> types.all().stream()
                .filter(held -> held.storage().equals(storage) && held.namespaced())
                .reduce((first, second) -> second)
                .ifPresent(held -> objects.forEach(object -> delete(
                        new ResourcePath(held, name, object.at("/metadata/name").asText(), ""),
                        Json.object(),
                        options))));
        return finishNamespace(name).orElse(dying);
    }

    /** Removes a dying namespace once nothing is left in it. */
    private Optional<ObjectNode> finishNamespace(String name) {
        return store.get("namespaces", "", name)
                .filter(namespace -> namespace.path("metadata").has("deletionTimestamp"))
                .filter(namespace -> store.inNamespace(name).isEmpty())
                .map(namespace -> store.remove("namespaces", namespace));
    }

    private void refuseInDyingNamespace(String namespace, String name, ResourceType type) {
        store.get("namespaces", "", namespace)
                .filter(found -> found.path("metadata").has("deletionTimestamp"))
                .ifPresent(found -> {
                    throw ApiException.of(
                            403,
                            "Forbidden",
                            type.qualified() + " \"" + name + "\" is forbidden: unable to create new content in"
                                    + " namespace " + namespace + " because it is being terminated");
                });
    }

    private ObjectNode keep(ResourceType type, ObjectNode object, WriteOptions options) {
        if (options.dryRun()) {
            return object;
        }
        if (type.is("apiextensions.k8s.io", "customresourcedefinitions")) {
            CrdSchema.established(object, now());
            types.define(object);
        }
        return store.put(type.storage(), object).deepCopy();
    }

    private ObjectNode remove(ResourceType type, ObjectNode object) {
        if (type.is("apiextensions.k8s.io", "customresourcedefinitions")) {
            types.all().stream()
                    .filter(held ->
                            held.qualified().equals(object.at("/metadata/name").asText()))
                    .forEach(
                            held -> store.list(held.storage(), "").forEach(left -> store.remove(held.storage(), left)));
            types.forget(object);
        }
        ObjectNode last = store.remove(type.storage(), object);
        finishNamespace(object.at("/metadata/namespace").asText());
        return last;
    }

    private static ObjectNode deleted(ResourceType type, ObjectNode last) {
        ObjectNode status = Json.object();
        status.put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Success");
        ObjectNode details = status.putObject("details");
        details.put("name", last.at("/metadata/name").asText());
        if (!type.group().isEmpty()) {
            details.put("group", type.group());
        }
        details.put("kind", type.plural()).put("uid", last.at("/metadata/uid").asText());
        return status;
    }

    private static void checkKind(ResourceType type, ObjectNode body) {
        String apiVersion = body.path("apiVersion").asText(type.apiVersion());
        String kind = body.path("kind").asText(type.kind());
        if (!apiVersion.equals(type.apiVersion()) || !kind.equals(type.kind())) {
            throw ApiException.badRequest("the object provided (" + apiVersion + ", " + kind
                    + ") is not what this path takes (" + type.apiVersion() + ", " + type.kind() + ")");
        }
        body.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    }

    private static void checkNamespace(ResourcePath path, ObjectNode metadata) {
        if (!path.type().namespaced()) {
            metadata.remove("namespace");
            return;
        }
        if (!metadata.path("namespace").asText(path.namespace()).equals(path.namespace())) {
            throw ApiException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        metadata.put("namespace", path.namespace());
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
