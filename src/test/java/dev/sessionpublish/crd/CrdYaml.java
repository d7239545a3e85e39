package dev.sessionpublish.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A definition as YAML that people can read and compare: the same text for the same definition, the short fields before
 * the long ones, prose folded, expressions verbatim on lines of their own.
 */
final class CrdYaml {
    private static final List<String> FIRST =
            List.of("apiVersion", "name", "description", "type", "format", "enum", "default", "required");
    private static final Set<String> PROSE = Set.of("description", "message");
    private static final Set<String> EXPRESSIONS = Set.of("rule", "messageExpression", "pattern");

    private CrdYaml() {}

    static String write(CustomResourceDefinition crd) {
        DumperOptions options = new DumperOptions();
        options.setWidth(110);
        options.setIndicatorIndent(2);
        options.setIndentWithIndicator(true);
        StringWriter yaml = new StringWriter();
        yaml.append("# Generated from the records in src/main/java/dev/sessionpublish/api with\n");
        yaml.append("# ").append(CheckedInFilesTest.REGENERATE).append('\n');
        new Yaml(options).serialize(node("", new KubernetesSerialization().convertValue(crd, ObjectNode.class)), yaml);
        return yaml.toString();
    }

    private static Node node(String field, JsonNode json) {
        if (json.isObject()) {
            return mapping(json);
        }
        if (json.isArray()) {
            List<Node> items = new ArrayList<>();
            json.forEach(item -> items.add(node(field, item)));
            boolean words = json.size() == 0 || json.get(0).isTextual();
            return new SequenceNode(Tag.SEQ, items, words ? FlowStyle.FLOW : FlowStyle.BLOCK);
        }
        if (json.isNumber()) {
            return new ScalarNode(Tag.INT, json.bigIntegerValue().toString(), null, null, ScalarStyle.PLAIN);
        }
        if (json.isBoolean()) {
            return new ScalarNode(Tag.BOOL, json.asText(), null, null, ScalarStyle.PLAIN);
        }
        return new ScalarNode(Tag.STR, json.asText(), null, null, style(field));
    }

    private static MappingNode mapping(JsonNode object) {
        Set<String> fields = new LinkedHashSet<>();
        FIRST.stream().filter(object::has).forEach(fields::add);
        object.fieldNames().forEachRemaining(fields::add);
        List<NodeTuple> tuples = new ArrayList<>();
        for (String field : fields) {
            ScalarNode key = new ScalarNode(Tag.STR, field, null, null, ScalarStyle.PLAIN);
            tuples.add(new NodeTuple(key, node(field, object.get(field))));
        }
        return new MappingNode(Tag.MAP, tuples, tuples.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
    }

    private static ScalarStyle style(String field) {
        if (PROSE.contains(field)) {
            return ScalarStyle.FOLDED;
        }
        return EXPRESSIONS.contains(field) ? ScalarStyle.LITERAL : ScalarStyle.PLAIN;
    }
}
