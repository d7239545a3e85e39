package dev.sessionpublish.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sessionpublish.api.v1alpha1.FixedOncePushed;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRuleBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the library leaves out of a definition: the order of columns, the description of the kind, that a spec is
 * required, the status a new object has, and the rules of {@link FixedOncePushed}.
 */
final class CrdRefinement {
    /** The push has not started, or it has failed and nothing was pushed. */
    private static final String OPEN =
            "!has(oldSelf.status) || !has(oldSelf.status.push) || !has(oldSelf.status.push.startedAt)"
                    + " || (has(oldSelf.status.phase) && oldSelf.status.phase == 'Failed' && !has(oldSelf.status.commit))";

    private CrdRefinement() {}

    static CustomResourceDefinition refine(Class<? extends CustomResource<?, ?>> kind, CustomResourceDefinition crd) {
        CustomResourceDefinitionVersion version = crd.getSpec().getVersions().get(0);
        version.setAdditionalPrinterColumns(columns(kind));
        JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
        Class<?> spec = specAndStatus(kind).get(0);
        Class<?> status = specAndStatus(kind).get(1);
        root.setDescription(SchemaRefinement.paragraph(
                kind.getAnnotation(JsonClassDescription.class).value()));
        root.setRequired(List.of("spec"));
        SchemaRefinement.refine(spec, root.getProperties().get("spec"));
        SchemaRefinement.refine(status, root.getProperties().get("status"));
        root.getProperties()
                .get("status")
                .setDefault(JsonNodeFactory.instance.objectNode().put("observedGeneration", -1));
        root.setXKubernetesValidations(fixedOncePushed(spec));
        return crd;
    }

    private static List<CustomResourceColumnDefinition> columns(Class<?> kind) {
        List<CustomResourceColumnDefinition> columns = new ArrayList<>();
        for (AdditionalPrinterColumn column : kind.getAnnotationsByType(AdditionalPrinterColumn.class)) {
            CustomResourceColumnDefinition definition = new CustomResourceColumnDefinition();
            definition.setName(column.name());
            definition.setType(column.type().getValue());
            definition.setJsonPath(column.jsonPath());
            definition.setPriority(column.priority() == 0 ? null : column.priority());
            columns.add(definition);
        }
        return columns;
    }

    private static List<ValidationRule> fixedOncePushed(Class<?> spec) {
        return Stream.of(spec.getRecordComponents())
                .filter(component -> component.getAccessor().isAnnotationPresent(FixedOncePushed.class))
                .map(RecordComponent::getName)
                .map(CrdRefinement::fixedOncePushed)
                .toList();
    }

    private static ValidationRule fixedOncePushed(String field) {
        String now = "self.spec." + field;
        String before = "oldSelf.spec." + field;
        return new ValidationRuleBuilder()
                .withRule(OPEN + " || (has(" + now + ") == has(" + before + ") && (!has(" + now + ") || " + now + " == "
                        + before + "))")
                .withMessage("is immutable once the push has started; create another SessionPublish for the change")
                .withFieldPath(".spec." + field)
                .withReason("FieldValueForbidden")
                .build();
    }

    private static List<Class<?>> specAndStatus(Class<?> kind) {
        ParameterizedType resource = (ParameterizedType) kind.getGenericSuperclass();
        List<Class<?>> classes = new ArrayList<>();
        for (Type argument : resource.getActualTypeArguments()) {
            classes.add((Class<?>) argument);
        }
        return classes;
    }
}
