package dev.sessionpublish.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the product relies on of an API server, stand-in or real. */
@Timeout(60)
abstract class ApiServerContract {
    /** A kind of the contract's own, so that it says nothing of the product's. */
    static final String GADGETS = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: gadgets.contract.sessionpublish.dev}
            spec:
              group: contract.sessionpublish.dev
              scope: Namespaced
              names: {kind: Gadget, plural: gadgets, singular: gadget, listKind: GadgetList}
              versions:
              - name: v1
                served: true
                storage: true
                subresources: {status: {}}
                schema:
                  openAPIV3Schema:
                    type: object
                    required: [spec]
                    properties:
                      spec:
                        type: object
                        required: [size]
                        properties:
                          size: {type: integer, minimum: 1, maximum: 10}
                          colour: {type: string, enum: [red, green], default: red}
                          label: {type: string, minLength: 2, maxLength: 4, pattern: '^[a-z]+$'}
                          tags: {type: array, maxItems: 2, items: {type: string}}
                          nested: {type: object, properties: {a: {type: string}, b: {type: string}}}
                      status:
                        type: object
                        default: {observedGeneration: -1}
                        properties:
                          observedGeneration: {type: integer, format: int64}
                          phase: {type: string}
                          message: {type: string}
                          conditions:
                            type: array
                            x-kubernetes-list-type: map
                            x-kubernetes-list-map-keys: [type]
                            items:
                              type: object
                              required: [type, status]
                              properties: {type: {type: string}, status: {type: string}}
            """;

    private static final ResourceDefinitionContext CONTEXT = new ResourceDefinitionContext.Builder()
            .withGroup("contract.sessionpublish.dev")
            .withVersion("v1")
            .withKind("Gadget")
            .withPlural("gadgets")
            .withNamespaced(true)
            .build();

    private String name = "";

    abstract KubernetesClient client();

    abstract String namespace();

    @BeforeEach
    void aNameOfItsOwn() {
        name = "g-" + UUID.randomUUID();
    }

    private NonNamespaceOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            gadgets() {
        return client().genericKubernetesResources(CONTEXT).inNamespace(namespace());
    }

    private GenericKubernetesResource gadget(Map<String, Object> spec) {
        GenericKubernetesResource gadget = new GenericKubernetesResource();
        gadget.setApiVersion("contract.sessionpublish.dev/v1");
        gadget.setKind("Gadget");
        gadget.setMetadata(new ObjectMeta());
        gadget.getMetadata().setName(name);
        gadget.setAdditionalProperty("spec", spec);
        return gadget;
    }

    private GenericKubernetesResource status(Map<String, Object> status) {
        GenericKubernetesResource gadget = gadget(Map.of());
        gadget.getAdditionalProperties().remove("spec");
        gadget.setAdditionalProperty("status", status);
        return gadget;
    }

    private GenericKubernetesResource created() {
        return gadgets().resource(gadget(Map.of("size", 1))).create();
    }

    private GenericKubernetesResource current() {
        return gadgets().withName(name).get();
    }

    private static PatchContext applyAs(String manager, boolean force) {
        return new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(manager)
                .withForce(force)
                .build();
    }

    private GenericKubernetesResource apply(String manager, boolean force, Map<String, Object> spec) {
        return gadgets().resource(gadget(spec)).patch(applyAs(manager, force));
    }

    private GenericKubernetesResource applyStatus(String manager, Map<String, Object> status) {
        return gadgets().resource(status(status)).subresource("status").patch(applyAs(manager, true));
    }

    private static KubernetesClientException refused(ThrowingCallable call) {
        KubernetesClientException refusal = catchThrowableOfType(KubernetesClientException.class, call);
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal;
    }

    @Test
    void whatIsCreatedHasIdentityVersionGenerationAndDefaults() {
        GenericKubernetesResource created = created();
        assertThat(created.getMetadata().getUid()).isNotBlank();
        assertThat(created.getMetadata().getResourceVersion()).isNotBlank();
        assertThat(created.getMetadata().getCreationTimestamp()).isNotBlank();
        assertThat(created.getMetadata().getGeneration()).isEqualTo(1);
        assertThat(created.<String>get("spec", "colour")).isEqualTo("red");
        assertThat(created.<Integer>get("status", "observedGeneration")).isEqualTo(-1);
        assertThat(current()).isEqualTo(created);
    }

    @Test
    void aNameIsTakenOnce() {
        created();
        KubernetesClientException refusal = refused(this::created);
        assertThat(refusal.getCode()).isEqualTo(409);
        assertThat(refusal.getStatus().getReason()).isEqualTo("AlreadyExists");
        assertThat(refusal.getStatus().getMessage())
                .isEqualTo("gadgets.contract.sessionpublish.dev \"" + name + "\" already exists");
    }

    @Test
    void aNameCanBeMadeFromAPrefix() {
        GenericKubernetesResource wish = gadget(Map.of("size", 1));
        wish.getMetadata().setName(null);
        wish.getMetadata().setGenerateName("made-");
        assertThat(gadgets().resource(wish).create().getMetadata().getName()).matches("made-[a-z0-9]{5}");
    }

    @Test
    void anUpdateOfAStaleObjectIsAConflict() {
        GenericKubernetesResource stale = created();
        GenericKubernetesResource fresh = current();
        fresh.setAdditionalProperty("spec", Map.of("size", 2));
        assertThat(gadgets().resource(fresh).update().getMetadata().getResourceVersion())
                .isNotEqualTo(stale.getMetadata().getResourceVersion());
        stale.setAdditionalProperty("spec", Map.of("size", 3));
        KubernetesClientException refusal =
                refused(() -> gadgets().resource(stale).update());
        assertThat(refusal.getCode()).isEqualTo(409);
        assertThat(refusal.getStatus().getReason()).isEqualTo("Conflict");
        assertThat(refusal.getStatus().getMessage()).contains("the object has been modified");
    }

    @Test
    void aWriteThatChangesNothingKeepsTheVersion() {
        created();
        GenericKubernetesResource updated = gadgets().resource(current()).update();
        assertThat(gadgets().resource(current()).update().getMetadata().getResourceVersion())
                .isEqualTo(updated.getMetadata().getResourceVersion());
        apply("a", true, Map.of("size", 1));
        String version = current().getMetadata().getResourceVersion();
        apply("a", true, Map.of("size", 1));
        assertThat(current().getMetadata().getResourceVersion()).isEqualTo(version);
    }

    @Test
    void theGenerationCountsChangesOfTheSpecAlone() {
        created();
        gadgets().withName(name).edit(gadget -> {
            gadget.getMetadata().setLabels(Map.of("a", "b"));
            return gadget;
        });
        applyStatus("a", Map.of("phase", "Pushing"));
        assertThat(current().getMetadata().getGeneration()).isEqualTo(1);
        apply("a", true, Map.of("size", 2));
        assertThat(current().getMetadata().getGeneration()).isEqualTo(2);
    }

    @Test
    void theObjectAndItsStatusAreWrittenApart() {
        created();
        GenericKubernetesResource both = current();
        both.setAdditionalProperty("spec", Map.of("size", 2));
        both.setAdditionalProperty("status", Map.of("phase", "Pushed"));
        gadgets().resource(both).update();
        assertThat(current().<String>get("status", "phase")).isNull();
        assertThat(current().<Integer>get("spec", "size")).isEqualTo(2);

        both = current();
        both.getMetadata().setLabels(Map.of("a", "b"));
        both.setAdditionalProperty("spec", Map.of("size", 3));
        both.setAdditionalProperty("status", Map.of("phase", "Pushed"));
        gadgets().resource(both).updateStatus();
        assertThat(current().<String>get("status", "phase")).isEqualTo("Pushed");
        assertThat(current().<Integer>get("spec", "size")).isEqualTo(2);
        assertThat(current().getMetadata().getLabels()).isNullOrEmpty();
    }

    @Test
    void anApplyMakesWhatIsAbsentAndRemovesWhatItsManagerLeavesOut() {
        apply("a", false, Map.of("size", 1, "label", "abc", "nested", Map.of("a", "1")));
        apply("b", false, Map.of("size", 1, "nested", Map.of("b", "2")));
        apply("a", false, Map.of("size", 1));
        assertThat(current().<String>get("spec", "label")).isNull();
        assertThat(current().<Map<String, Object>>get("spec", "nested")).isEqualTo(Map.of("b", "2"));
        apply("b", false, Map.of("size", 1));
        assertThat(current().<Map<String, Object>>get("spec", "nested")).isNull();
    }

    @Test
    void aFieldOfAnotherManagerIsTakenOnlyByForce() {
        apply("a", false, Map.of("size", 1));
        KubernetesClientException refusal = refused(() -> apply("b", false, Map.of("size", 2)));
        assertThat(refusal.getCode()).isEqualTo(409);
        assertThat(refusal.getStatus().getMessage())
                .startsWith("Apply failed with 1 conflict: conflict with \"a\"")
                .endsWith(": .spec.size");
        assertThat(apply("b", true, Map.of("size", 2)).<Integer>get("spec", "size"))
                .isEqualTo(2);
    }

    @Test
    void anAppliedStatusNeedsItsObject() {
        assertThat(refused(() -> applyStatus("a", Map.of("phase", "Pushed"))).getCode())
                .isEqualTo(404);
    }

    @Test
    void anApplyThatNamesAStaleVersionIsAConflict() {
        String stale = created().getMetadata().getResourceVersion();
        applyStatus("a", Map.of("phase", "Pushing"));
        GenericKubernetesResource wish = status(Map.of("phase", "Pushed"));
        wish.getMetadata().setResourceVersion(stale);
        KubernetesClientException refusal =
                refused(() -> gadgets().resource(wish).subresource("status").patch(applyAs("a", true)));
        assertThat(refusal.getCode()).isEqualTo(409);
        wish.getMetadata().setResourceVersion(current().getMetadata().getResourceVersion());
        gadgets().resource(wish).subresource("status").patch(applyAs("a", true));
        assertThat(current().<String>get("status", "phase")).isEqualTo("Pushed");
    }

    @Test
    void aStatusFieldOrConditionThatIsLeftOutGoes() {
        created();
        Map<String, Object> ready = Map.of("type", "Ready", "status", "True");
        Map<String, Object> pushed = Map.of("type", "Pushed", "status", "True");
        applyStatus("a", Map.of("phase", "P", "message", "m", "conditions", List.of(ready, pushed)));
        applyStatus("b", Map.of("conditions", List.of(Map.of("type", "Other", "status", "False"))));
        applyStatus("a", Map.of("phase", "P", "conditions", List.of(ready)));
        assertThat(current().<String>get("status", "message")).isNull();
        assertThat(current().<List<Map<String, Object>>>get("status", "conditions"))
                .containsExactlyInAnyOrder(ready, Map.of("type", "Other", "status", "False"));
    }

    @Test
    void aMergePatchRemovesByNull() {
        apply("a", true, Map.of("size", 1, "label", "abc"));
        gadgets()
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"label\": null, \"size\": 5}}");
        assertThat(current().<String>get("spec", "label")).isNull();
        assertThat(current().<Integer>get("spec", "size")).isEqualTo(5);
    }

    @Test
    void aJsonPatchWhoseTestFailsChangesNothing() {
        created();
        String patch = "[{\"op\": \"test\", \"path\": \"/spec/size\", \"value\": 7},"
                + "{\"op\": \"replace\", \"path\": \"/spec/size\", \"value\": 8}]";
        KubernetesClientException refusal =
                refused(() -> gadgets().withName(name).patch(PatchContext.of(PatchType.JSON), patch));
        assertThat(refusal.getCode()).isEqualTo(422);
        assertThat(gadgets()
                        .withName(name)
                        .patch(PatchContext.of(PatchType.JSON), patch.replace("7", "1"))
                        .<Integer>get("spec", "size"))
                .isEqualTo(8);
    }

    @Test
    void aFinalizerHoldsWhatIsDeletedAndLetsItGo() {
        GenericKubernetesResource wish = gadget(Map.of("size", 1));
        wish.getMetadata().setFinalizers(List.of("contract.sessionpublish.dev/hold"));
        gadgets().resource(wish).create();
        gadgets().withName(name).delete();
        GenericKubernetesResource held = current();
        assertThat(held.getMetadata().getDeletionTimestamp()).isNotBlank();
        held.getMetadata().setFinalizers(List.of());
        gadgets().resource(held).update();
        assertThat(current()).isNull();
    }

    @Test
    void unknownFieldsAreDropped() {
        gadgets().resource(gadget(Map.of("size", 1, "surprise", "x"))).create();
        assertThat(current().<String>get("spec", "surprise")).isNull();
    }

    @Test
    void whatTheSchemaForbidsIsRefusedWithEveryCause() {
        KubernetesClientException refusal = refused(() -> gadgets()
                .resource(gadget(Map.of(
                        "colour", "blue", "label", "UPPER", "tags", List.of("a", "b", "c"), "nested", Map.of("a", 1))))
                .create());
        assertThat(refusal.getCode()).isEqualTo(422);
        assertThat(refusal.getStatus().getReason()).isEqualTo("Invalid");
        assertThat(refusal.getStatus().getMessage()).startsWith("Gadget.contract.sessionpublish.dev \"" + name + "\"");
        assertThat(refusal.getStatus().getDetails().getCauses().stream().map(StatusCause::getMessage))
                .contains(
                        "Required value",
                        "Unsupported value: \"blue\": supported values: \"red\", \"green\"",
                        "Too long: may not be more than 4 bytes",
                        "Too many: 3: must have at most 2 items",
                        "Invalid value: \"integer\": spec.nested.a in body must be of type string: \"integer\"");
        assertThat(refusal.getStatus().getDetails().getCauses()).hasSize(5);
        assertThat(refusal.getStatus().getDetails().getCauses().stream().map(StatusCause::getField))
                .contains("spec.size", "spec.colour", "spec.label", "spec.tags", "spec.nested.a");
    }

    @Test
    void aPatternIsSaidInTheRefusal() {
        KubernetesClientException refusal = refused(() ->
                gadgets().resource(gadget(Map.of("size", 1, "label", "UP"))).create());
        assertThat(refusal.getStatus().getMessage())
                .isEqualTo("Gadget.contract.sessionpublish.dev \"" + name + "\" is invalid: spec.label: Invalid value:"
                        + " \"UP\": spec.label in body should match '^[a-z]+$'");
    }

    @Test
    void aWatchSeesWhatItsSelectorSees() throws InterruptedException {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        Watcher<GenericKubernetesResource> watcher = new Watcher<>() {
            @Override
            public void eventReceived(Action action, GenericKubernetesResource gadget) {
                events.add(action + " " + gadget.<Object>get("spec", "size"));
            }

            @Override
            public void onClose(WatcherException cause) {}
        };
        try (Watch watch = gadgets().withLabel("watched", name).watch(watcher)) {
            assertThat(watch).isNotNull();
            GenericKubernetesResource wish = gadget(Map.of("size", 1));
            wish.getMetadata().setLabels(Map.of("watched", name));
            gadgets().resource(wish).create();
            gadgets().withName(name).patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"size\": 2}}");
            gadgets().withName(name).patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\": {\"labels\": null}}");
            gadgets().withName(name).patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"size\": 3}}");
            gadgets()
                    .withName(name)
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"metadata\": {\"labels\": {\"watched\": \"" + name + "\"}}}");
            gadgets().withName(name).delete();
            for (String expected : List.of("ADDED 1", "MODIFIED 2", "DELETED 2", "ADDED 3", "DELETED 3")) {
                assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo(expected);
            }
        }
    }

    @Test
    void anObjectIsFoundByItsNameAndByNoFieldThatIsNotIndexed() {
        created();
        assertThat(gadgets().withField("metadata.name", name).list().getItems()).hasSize(1);
        KubernetesClientException refusal =
                refused(() -> gadgets().withField("spec.size", "1").list());
        assertThat(refusal.getCode()).isEqualTo(400);
        assertThat(refusal.getStatus().getMessage()).contains("field label not supported: spec.size");
    }

    @Test
    void anEventIsCreatedOnceAndSeenByBothItsApis() {
        var event = new EventBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withEventTime(new MicroTime(DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
                        .withZone(ZoneOffset.UTC)
                        .format(Instant.now())))
                .withType("Normal")
                .withReason("GitPushStarted")
                .withAction("git.push.started")
                .withNote("pushing")
                .withReportingController("sessionpublish.dev/operator")
                .withReportingInstance("one")
                .withNewRegarding()
                .withKind("Gadget")
                .withNamespace(namespace())
                .withName(name)
                .endRegarding()
                .build();
        client().events().v1().events().inNamespace(namespace()).resource(event).create();
        KubernetesClientException refusal = refused(() -> client().events()
                .v1()
                .events()
                .inNamespace(namespace())
                .resource(event)
                .create());
        assertThat(refusal.getCode()).isEqualTo(409);
        assertThat(client().v1()
                        .events()
                        .inNamespace(namespace())
                        .withField("involvedObject.name", name)
                        .list()
                        .getItems())
                .singleElement()
                .satisfies(seen -> assertThat(seen.getMessage()).isEqualTo("pushing"));
    }

    @Test
    void aDeleteOfAnotherVersionThanMeantIsAConflict() {
        GenericKubernetesResource stale = created();
        apply("a", true, Map.of("size", 2));
        assertThatThrownBy(() -> gadgets()
                        .resource(stale)
                        .lockResourceVersion(stale.getMetadata().getResourceVersion())
                        .delete())
                .isInstanceOfSatisfying(KubernetesClientException.class, refusal -> assertThat(refusal.getCode())
                        .isEqualTo(409));
        assertThat(current()).isNotNull();
    }

    @Test
    void aListTellsTheVersionThatAWatchGoesOnFrom() throws InterruptedException {
        created();
        String version = gadgets().list().getMetadata().getResourceVersion();
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        apply("a", true, Map.of("size", 4));
        Watcher<GenericKubernetesResource> watcher = new Watcher<>() {
            @Override
            public void eventReceived(Action action, GenericKubernetesResource gadget) {
                if (gadget.getMetadata().getName().equals(name)) {
                    events.add(action + " " + gadget.<Object>get("spec", "size"));
                }
            }

            @Override
            public void onClose(WatcherException cause) {}
        };
        var options = new ListOptionsBuilder().withResourceVersion(version).build();
        try (Watch watch = gadgets().watch(options, watcher)) {
            assertThat(watch).isNotNull();
            assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("MODIFIED 4");
        }
    }
}
