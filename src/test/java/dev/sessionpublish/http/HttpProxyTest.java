package dev.sessionpublish.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpProxyTest {
    @Test
    void withoutTheVariableThereIsNone() {
        assertThat(HttpProxy.from(Map.of("NO_PROXY", "*", "HTTP_PROXY", "http://proxy:1", "HTTPS_PROXY", " ")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://proxy.example.com:3128, proxy.example.com, 3128, '', ''",
        "HTTP://proxy.example.com/, proxy.example.com, 80, '', ''",
        "proxy.example.com:8080, proxy.example.com, 8080, '', ''",
        "http://10.0.0.1:3128, 10.0.0.1, 3128, '', ''",
        "http://ada:l%40ve+1%3A2@proxy:3128, proxy, 3128, ada, l@ve+1:2",
    })
    void itsUrlIsRead(String url, String host, int port, String user, String password) {
        HttpProxy proxy = new HttpProxy(host, port, user, password, List.of());

        assertThat(HttpProxy.from(Map.of("HTTPS_PROXY", url))).contains(proxy);
        assertThat(HttpProxy.from(Map.of("https_proxy", url))).contains(proxy);
        assertThat(proxy.toString()).isEqualTo("http://" + host + ":" + port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://ada:Canary@proxy:3128",
                "socks5://ada:Canary@proxy",
                "http://ada:Canary@proxy:3128/path",
                "http://ada:Canary@",
                "http://ada:Canary %@proxy",
                "http://ada:Canary%zz@proxy"
            })
    void whatIsNoHttpProxyIsRefusedWithoutItsPassword(String url) {
        assertThatThrownBy(() -> HttpProxy.from(Map.of("HTTPS_PROXY", url)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http://proxy.example.com:3128")
                .hasMessageNotContaining("Canary");
    }

    @ParameterizedTest
    @CsvSource({
        "'', git.example.com, 443, true",
        "*, git.example.com, 443, false",
        "example.com, git.example.com, 443, false",
        "example.com, example.com, 443, false",
        "example.com, badexample.com, 443, true",
        ".example.com, git.example.com, 443, false",
        ".example.com, example.com, 443, true",
        "*.example.com, git.example.com, 443, false",
        "*.example.com, example.com, 443, true",
        "EXAMPLE.com, Git.Example.COM, 443, false",
        "'a.example, git.example.com', git.example.com, 443, false",
        "git.example.com:8443, git.example.com, 8443, false",
        "git.example.com:8443, git.example.com, 443, true",
        "10.1.2.3, 10.1.2.3, 443, false",
        "10.1.2.0/23, 10.1.3.255, 443, false",
        "10.1.2.0/23, 10.1.4.0, 443, true",
        "10.0.0.0/8, git.example.com, 443, true",
        "2.3, 10.1.2.3, 443, true",
        "fd00::/8, fd12:3456::1, 443, false",
        "fd00::/8, '[fd12::1]', 443, false",
        "fd00::/8, 10.1.2.3, 443, true",
        "10.0.0.0/99, 10.0.0.1, 443, true",
    })
    void whoIsExceptedIsReachedWithoutIt(String noProxy, String host, int port, boolean through) {
        HttpProxy proxy = HttpProxy.from(Map.of("HTTPS_PROXY", "http://proxy:3128", "NO_PROXY", noProxy))
                .orElseThrow();

        assertThat(proxy.isFor(host, port)).isEqualTo(through);
    }
}
