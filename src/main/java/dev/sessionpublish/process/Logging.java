package dev.sessionpublish.process;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.sessionpublish.config.LogFormat;
import dev.sessionpublish.config.OperatorConfig;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Configures the log as text or JSON. Each line has the kind, namespace and name of the reconciled object, if there is
 * one (the operator framework's MDC keys {@code resource.kind}, {@code resource.namespace} and {@code resource.name}),
 * and the trace id if tracing is enabled ({@code trace_id}).
 */
public final class Logging {
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %logger{0}"
            + "%replace( [%X{resource.kind} %X{resource.namespace}/%X{resource.name}]){' \\[ /\\]', ''} %msg%replace( %kvp){' $', ''}"
            + "%replace( trace_id=%X{trace_id}){' trace_id=$', ''}%n";

    /**
     * What these log at each start is the same each time, and nobody has to act on it: a library's notice that our API
     * version is an alpha, and the framework's report about its own configuration. The value is the first level that is
     * logged unless {@code DEBUG} is asked for.
     */
    private static final Map<String, Level> QUIET = Map.of(
            "io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils", Level.ERROR,
            "io.javaoperatorsdk.operator", Level.WARN,
            "Default ConfigurationService implementation", Level.WARN);

    private Logging() {}

    /** Replaces the configuration of {@code context}. Does not close {@code out} when reconfigured. */
    public static void configure(LoggerContext context, OperatorConfig.Log log, OutputStream out) {
        context.reset();
        TransportLogFilter filter = new TransportLogFilter();
        filter.setContext(context);
        filter.start();
        context.addTurboFilter(filter);

        Encoder<ILoggingEvent> encoder = log.format() == LogFormat.JSON ? json() : text();
        encoder.setContext(context);
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                out.flush();
            }
        });
        appender.start();

        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.convertAnSLF4JLevel(log.level()));
        root.addAppender(appender);
        if (root.getLevel().isGreaterOrEqual(Level.INFO)) {
            QUIET.forEach((name, level) -> context.getLogger(name)
                    .setLevel(level.isGreaterOrEqual(root.getLevel()) ? level : root.getLevel()));
        }
    }

    private static PatternLayoutEncoder text() {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setPattern(PATTERN);
        encoder.setCharset(StandardCharsets.UTF_8);
        return encoder;
    }

    private static JsonEncoder json() {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setWithSequenceNumber(false);
        encoder.setWithContext(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithFormattedMessage(true);
        return encoder;
    }
}
