package dev.sessionpublish.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.cel.bundle.CelFactory;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatus.Phase;
import dev.sessionpublish.api.v1alpha1.SessionPublishStatusBuilder;
import dev.sessionpublish.lifecycle.History;
import dev.sessionpublish.outcome.Reason;
import dev.sessionpublish.outcome.SharedReason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.jse.JsePlatform;

/** What docs/gitops gives to Argo CD and Flux says of each phase what docs/gitops.md says. */
class GitOpsHealthTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path DOCS = Path.of("docs", "gitops");

    private static Map<String, Object> publish(Phase phase, long generation) throws Exception {
        Reason reason = phase == Phase.Failed ? SharedReason.AUTH : null;
        SessionPublishStatus written = PublishConditions.complete(
                SessionPublishStatusBuilder.builder()
                        .observedGeneration(3L)
                        .phase(phase)
                        .reason(reason == null ? null : reason.code())
                        .message("the message")
                        .build(),
                History.stored(null),
                Clock.systemUTC());
        Map<String, Object> status = new HashMap<>();
        status.put("observedGeneration", 3L);
        status.put("phase", phase.name());
        status.put("message", "the message");
        status.put("conditions", JSON.convertValue(written.conditions(), List.class));
        return Map.of("metadata", Map.of("generation", generation), "status", status);
    }

    @ParameterizedTest
    @EnumSource
    void argoCdSeesEachPhaseAsTheTableSays(Phase phase) throws Exception {
        String expected =
                switch (phase) {
                    case Failed -> "Degraded";
                    case Suspended -> "Suspended";
                    case Pushed, PullRequestCreated, ManualPullRequestRequired, Merged, Closed, NothingToPublish ->
                        "Healthy";
                    default -> "Progressing";
                };
        LuaTable health = argoCd(publish(phase, 3));

        assertThat(health.get("status").tojstring()).isEqualTo(expected);
        assertThat(health.get("message").tojstring()).isEqualTo("the message");
    }

    @Test
    void argoCdWaitsForTheOperatorToHaveSeenTheSpec() throws Exception {
        assertThat(argoCd(publish(Phase.PullRequestCreated, 4)).get("status").tojstring())
                .isEqualTo("Progressing");
        assertThat(argoCd(Map.of("metadata", Map.of("generation", 1L)))
                        .get("status")
                        .tojstring())
                .isEqualTo("Progressing");
    }

    @ParameterizedTest
    @EnumSource
    void fluxSeesEachPhaseAsTheTableSays(Phase phase) throws Exception {
        String expected =
                switch (phase) {
                    case Failed -> "failed";
                    case Suspended -> "none";
                    case Pushed, PullRequestCreated, ManualPullRequestRequired, Merged, Closed, NothingToPublish ->
                        "current";
                    default -> "inProgress";
                };

        assertThat(flux(publish(phase, 3))).isEqualTo(expected);
        assertThat(flux(publish(phase, 4))).isEqualTo("inProgress");
    }

    @Test
    void fluxWaitsForTheFirstStatus() throws Exception {
        assertThat(flux(Map.of("metadata", Map.of("generation", 1L), "status", Map.of("observedGeneration", -1L))))
                .isEqualTo("inProgress");
    }

    private static LuaTable argoCd(Map<String, Object> publish) throws Exception {
        Globals globals = JsePlatform.standardGlobals();
        globals.set("obj", lua(publish));
        return globals.load(Files.readString(DOCS.resolve("argocd-health.lua")))
                .call()
                .checktable();
    }

    private static LuaValue lua(Object value) {
        if (value instanceof Map<?, ?> map) {
            LuaTable table = new LuaTable();
            map.forEach((key, each) -> table.set(String.valueOf(key), lua(each)));
            return table;
        }
        if (value instanceof List<?> list) {
            LuaTable table = new LuaTable();
            for (int i = 0; i < list.size(); i++) {
                table.set(i + 1, lua(list.get(i)));
            }
            return table;
        }
        if (value instanceof Number number) {
            return LuaValue.valueOf(number.doubleValue());
        }
        return value == null ? LuaValue.NIL : LuaValue.valueOf(value.toString());
    }

    /** The first of the expressions that holds, in the order in which Flux asks them. */
    private static String flux(Map<String, Object> publish) throws Exception {
        JsonNode checks = new YAMLMapper()
                .readTree(DOCS.resolve("flux-kustomization.yaml").toFile())
                .at("/spec/healthCheckExprs/0");
        var cel = CelFactory.standardCelBuilder()
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addVar("metadata", SimpleType.DYN)
                .addVar("status", SimpleType.DYN)
                .build();
        for (String name : List.of("inProgress", "failed", "current")) {
            var program =
                    cel.createProgram(cel.compile(checks.path(name).asText()).getAst());
            if (Boolean.TRUE.equals(program.eval(publish))) {
                return name;
            }
        }
        return "none";
    }
}
