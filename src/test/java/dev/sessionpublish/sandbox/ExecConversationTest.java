package dev.sessionpublish.sandbox;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ExecConversationTest {

    /** As the library's is when the connection has broken: what is written to it fails with its own exception. */
    private static ExecWatch broken() {
        OutputStream stdin = new OutputStream() {
            @Override
            public void write(int b) {
                throw KubernetesClientException.launderThrowable(new IOException("Connection was closed"));
            }
        };
        return (ExecWatch) Proxy.newProxyInstance(
                ExecWatch.class.getClassLoader(),
                new Class<?>[] {ExecWatch.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getInput" -> stdin;
                    case "exitCode" -> new CompletableFuture<Integer>();
                    default -> null;
                });
    }

    @Test
    void whatIsSentToAnExecThatHasBrokenFailsAsInputAndOutputDo() {
        try (ExecConversation conversation = new ExecConversation(Duration.ofMinutes(1))) {
            conversation.started(broken());

            assertThatThrownBy(() -> conversation.send("hello"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the exec's connection failed: Connection was closed");
        }
    }
}
