package dev.sessionpublish.http;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;

/**
 * Gives every exchange a time limit besides the one for silence, whatever arrives meanwhile: from the start of the
 * request to the end of the response. If the request's body is streamed, the limit starts with the response, because
 * the size of the body is unknown; the sender of the body limits the time before. An exchange that exceeds its limit,
 * or whose response is closed before its end, is cancelled.
 */
final class ExchangeLimit implements ExecChainHandler {
    private final ScheduledExecutorService alarms;
    private final Duration usual;

    /** @param usual the limit of exchanges whose {@link Api#context} has none, and of error responses */
    ExchangeLimit(ScheduledExecutorService alarms, Duration usual) {
        this.alarms = alarms;
        this.usual = usual;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Duration limit = Api.limit(scope.clientContext).orElse(usual);
        Deadline deadline = new Deadline(alarms, () -> cancel(scope));
        HttpEntity sent = request.getEntity();
        boolean streamed = sent != null && !sent.isRepeatable();
        if (!streamed) {
            deadline.in(limit);
        }
        boolean answered = false;
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            if (streamed) {
                boolean success = response.getCode() >= 200 && response.getCode() < 300;
                deadline.in(success || limit.compareTo(usual) < 0 ? limit : usual);
            }
            HttpEntity body = response.getEntity();
            if (body != null) {
                response.setEntity(new ResponseBody(body, deadline, scope.execRuntime));
                answered = true;
            }
            return response;
        } catch (IOException e) {
            throw deadline.explain(e);
        } finally {
            if (!answered) {
                deadline.stop();
            }
        }
    }

    /** Also ends the wait for a connection, and connecting. */
    private static void cancel(ExecChain.Scope scope) {
        if (scope.originalRequest instanceof Cancellable request) {
            request.cancel();
        } else {
            scope.execRuntime.discardEndpoint();
        }
    }
}
