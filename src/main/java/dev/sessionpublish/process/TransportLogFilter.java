package dev.sessionpublish.process;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Drops log lines of the HTTP clients below INFO, whatever level their loggers have: these lines contain headers with
 * tokens and bodies with Secrets.
 */
final class TransportLogFilter extends TurboFilter {
    private static final List<String> TRANSPORTS = List.of("org.apache.hc", "io.netty", "io.vertx", "io.fabric8");

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        return level.isGreaterOrEqual(Level.INFO) || TRANSPORTS.stream().noneMatch(each -> isIn(each, logger.getName()))
                ? FilterReply.NEUTRAL
                : FilterReply.DENY;
    }

    private static boolean isIn(String transport, String logger) {
        return logger.equals(transport) || logger.startsWith(transport + ".");
    }
}
