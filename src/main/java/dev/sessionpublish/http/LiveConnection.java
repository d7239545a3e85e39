package dev.sessionpublish.http;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;

/**
 * Keeps requests off connections that the server may have closed unannounced. A request that must not be sent twice
 * gets a new connection. Others use a kept connection, and are sent once more on a new one if it ends before a response:
 * reads, and the Git LFS requests without content, whose repetition changes nothing. Silence ends no connection.
 */
final class LiveConnection implements ExecChainHandler {
    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        boolean repeatable = isRepeatable(request, scope);
        boolean kept = acquire(scope, repeatable);
        try {
            return chain.proceed(request, scope);
        } catch (IOException e) {
            if (!kept || e instanceof SocketTimeoutException || scope.execRuntime.isExecutionAborted()) {
                throw e;
            }
        }
        acquire(scope, false);
        return chain.proceed(ClassicRequestBuilder.copy(scope.originalRequest).build(), scope);
    }

    private static boolean isRepeatable(ClassicHttpRequest request, ExecChain.Scope scope) {
        HttpEntity body = request.getEntity();
        return Method.GET.isSame(request.getMethod())
                || Api.of(scope.clientContext).equals(Optional.of(Api.LFS)) && body != null && body.isRepeatable();
    }

    /** @return whether the connection has been used before */
    private static boolean acquire(ExecChain.Scope scope, boolean keptAllowed) throws IOException {
        ExecRuntime runtime = scope.execRuntime;
        if (!runtime.isEndpointAcquired()) {
            runtime.acquireEndpoint(
                    scope.exchangeId, scope.route, scope.clientContext.getUserToken(), scope.clientContext);
        }
        if (runtime.isEndpointConnected() && !keptAllowed) {
            runtime.disconnectEndpoint();
        }
        return runtime.isEndpointConnected();
    }
}
