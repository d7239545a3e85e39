package dev.sessionpublish.process;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sessionpublish.config.LogFormat;
import dev.sessionpublish.config.OperatorConfig;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

class LoggingTest {
    private final LoggerContext context = new LoggerContext();
    private final LogbackMDCAdapter mdc = new LogbackMDCAdapter();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream() {
        @Override
        public void close() {
            closed.set(true);
        }
    };

    LoggingTest() {
        context.setMDCAdapter(mdc);
    }

    @Test
    void aTextLineNamesTheObjectThatIsWorkedOn() {
        Logger log = configured(LogFormat.TEXT, Level.INFO).getLogger("dev.sessionpublish.publish.Step");
        mdc.put("resource.kind", "SessionPublish");
        mdc.put("resource.namespace", "team");
        mdc.put("resource.name", "s7");
        log.atInfo().addKeyValue("event", "git.push.started").log("Pushing to {}", "main");

        assertThat(output())
                .matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]{12}Z INFO  Step \\[SessionPublish team/s7\\] Pushing to main"
                        + " event=\"git.push.started\"\n");
    }

    @Test
    void aTextLineWithoutAnObjectHasNoPlaceholder() {
        configured(LogFormat.TEXT, Level.INFO).getLogger("a.Main").warn("Started");

        assertThat(output()).endsWith("Z WARN  Main Started\n");
    }

    @ParameterizedTest
    @EnumSource(
            value = Level.class,
            names = {"INFO", "DEBUG"})
    void whatLibrariesReportAtEachStartIsLoggedAtDebugOnly(Level level) {
        LoggerContext log = configured(LogFormat.TEXT, level);
        log.getLogger("io.javaoperatorsdk.operator.Operator").info("starting");
        log.getLogger("io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils")
                .warn("unstable");
        log.getLogger("io.javaoperatorsdk.operator.Operator").warn("failing");

        assertThat(output().lines().map(line -> line.replaceFirst(".* ", "")).toList())
                .isEqualTo(level == Level.INFO ? List.of("failing") : List.of("starting", "unstable", "failing"));
    }

    @Test
    void alsoOfLibrariesNothingBelowTheLevelIsLogged() {
        configured(LogFormat.TEXT, Level.ERROR)
                .getLogger("io.javaoperatorsdk.operator.Operator")
                .warn("failing");

        assertThat(output()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(LogFormat.class)
    void linesAreUtf8WhateverTheLocaleIs(LogFormat format) {
        configured(format, Level.INFO).getLogger("a.Main").info("Añadir");

        assertThat(output()).contains("Añadir");
    }

    @Test
    void aLineOfATraceSaysWhich() {
        Logger log = configured(LogFormat.TEXT, Level.INFO).getLogger("a.Step");
        mdc.put("trace_id", "0af7651916cd43dd8448eb211c80319c");
        log.atInfo().addKeyValue("event", "git.push.started").log("Pushing");

        assertThat(output())
                .endsWith(" Pushing event=\"git.push.started\" trace_id=0af7651916cd43dd8448eb211c80319c\n");
    }

    @Test
    void aJsonLineIsOneObjectWithTheSameWords() throws Exception {
        Logger log = configured(LogFormat.JSON, Level.INFO).getLogger("dev.sessionpublish.publish.Step");
        mdc.put("resource.kind", "SessionPublish");
        mdc.put("resource.namespace", "team");
        mdc.put("resource.name", "s7");
        log.atInfo().addKeyValue("event", "git.push.started").log("Pushing \"{}\"\nnow", "main");

        assertThat(output().lines()).hasSize(1);
        JsonNode line = new ObjectMapper().readTree(output());
        assertThat(line.get("level").asText()).isEqualTo("INFO");
        assertThat(line.get("formattedMessage").asText()).isEqualTo("Pushing \"main\"\nnow");
        assertThat(line.get("mdc").get("resource.namespace").asText()).isEqualTo("team");
        assertThat(line.get("mdc").get("resource.kind").asText()).isEqualTo("SessionPublish");
        assertThat(line.get("mdc").get("resource.name").asText()).isEqualTo("s7");
        assertThat(line.get("kvpList").get(0).get("event").asText()).isEqualTo("git.push.started");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.apache.hc.client5.http.headers",
                "org.apache.hc.client5.http.wire",
                "io.netty.handler.logging",
                "io.vertx.core.http",
                "io.fabric8.kubernetes.client.http.HttpLoggingInterceptor"
            })
    void noLevelMakesATransportPrintWhatItSends(String name) {
        Logger log = configured(LogFormat.TEXT, Level.TRACE).getLogger(name);
        log.setLevel(ch.qos.logback.classic.Level.TRACE);
        log.trace("Authorization: Basic secret");
        log.debug("Authorization: Basic {}", "secret");
        log.debug("Authorization: {} {}", "Basic", "secret", new IllegalStateException("secret"));
        log.atDebug().addKeyValue("Authorization", "secret").log("secret");

        assertThat(log.isDebugEnabled()).isFalse();
        assertThat(output()).isEmpty();
        log.info("connected");
        assertThat(output()).contains("connected");
    }

    @Test
    void theLevelHoldsForEverythingElse() {
        LoggerContext configured = configured(LogFormat.TEXT, Level.DEBUG);
        configured.getLogger("dev.sessionpublish.publish").debug("shown");
        configured.getLogger("org.apache.hcfoo").debug("also shown");
        configured.getLogger("dev.sessionpublish.publish").trace("not shown");

        assertThat(output()).contains(" shown", "also shown").doesNotContain("not shown");
    }

    @Test
    void configuringAgainReplacesWhatWasThere() {
        configured(LogFormat.TEXT, Level.DEBUG);
        configured(LogFormat.TEXT, Level.INFO).getLogger("a").info("once");

        assertThat(output().lines()).hasSize(1);
        assertThat(context.getTurboFilterList()).hasSize(1);
        assertThat(closed).isFalse();
    }

    private LoggerContext configured(LogFormat format, Level level) {
        Logging.configure(context, new OperatorConfig.Log(format, level), out);
        return context;
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
