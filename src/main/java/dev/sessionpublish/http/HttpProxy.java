package dev.sessionpublish.http;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The HTTP proxy for connections to forges. It is used with CONNECT, so TLS is end to end.
 *
 * @param user empty if the proxy requires none
 * @param except hosts to connect to directly: {@code *}, a name (with all its subdomains), {@code .NAME} or {@code
 *     *.NAME} (only its subdomains), an IP address, or a range {@code ADDRESS/BITS}; a name or address may end in
 *     {@code :PORT}
 */
public record HttpProxy(String host, int port, String user, String password, List<String> except) {
    /**
     * Reads {@code HTTPS_PROXY} and {@code NO_PROXY}, or {@code https_proxy} and {@code no_proxy} if they are absent.
     *
     * @throws IllegalArgumentException if the value is not the URL of a proxy; the message does not quote it
     */
    public static Optional<HttpProxy> from(Map<String, String> environment) {
        String url = either(environment, "HTTPS_PROXY", "https_proxy");
        if (url.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI parsed = new URI(url.contains("://") ? url : "http://" + url);
            String path = Optional.ofNullable(parsed.getRawPath()).orElse("");
            if ("http".equalsIgnoreCase(parsed.getScheme())
                    && parsed.getHost() != null
                    && (path.isEmpty() || path.equals("/"))
                    && parsed.getRawQuery() == null) {
                String[] login =
                        Optional.ofNullable(parsed.getRawUserInfo()).orElse("").split(":", 2);
                return Optional.of(new HttpProxy(
                        parsed.getHost(),
                        parsed.getPort() < 0 ? 80 : parsed.getPort(),
                        decoded(login[0]),
                        login.length == 2 ? decoded(login[1]) : "",
                        Arrays.stream(either(environment, "NO_PROXY", "no_proxy")
                                        .toLowerCase(Locale.ROOT)
                                        .split("[,\\s]+"))
                                .filter(each -> !each.isEmpty())
                                .toList()));
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            // Reported below without the value, which may contain a password.
        }
        throw new IllegalArgumentException(
                "HTTPS_PROXY: expected the URL of an HTTP proxy, for example http://proxy.example.com:3128");
    }

    /** Whether connections to the host use the proxy. */
    public boolean isFor(String target, int targetPort) {
        String name = target.toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "");
        return except.stream().noneMatch(each -> excepts(each, name, targetPort));
    }

    private static boolean excepts(String entry, String name, int port) {
        String suffix = ":" + port;
        String plain = entry.endsWith(suffix) ? entry.substring(0, entry.length() - suffix.length()) : entry;
        String bare = plain.replaceAll("^\\[|]$", "");
        if (bare.equals("*") || bare.equals(name)) {
            return true;
        }
        if (bare.contains("/")) {
            return isInRange(name, bare);
        }
        String below = bare.startsWith("*.") ? bare.substring(1) : bare;
        return !isAddress(name) && name.endsWith(below.startsWith(".") ? below : "." + below);
    }

    private static boolean isInRange(String name, String range) {
        String[] parts = range.split("/", 2);
        if (!isAddress(name) || !isAddress(parts[0]) || !parts[1].matches("\\d{1,3}")) {
            return false;
        }
        byte[] address = bytes(name);
        byte[] network = bytes(parts[0]);
        int bits = Integer.parseInt(parts[1]);
        if (address.length != network.length || bits > 8 * address.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % 8;
            if ((address[bit / 8] & mask) != (network[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the text is an IP address. Names are not resolved. */
    private static boolean isAddress(String text) {
        return text.matches("\\d{1,3}(\\.\\d{1,3}){3}") || text.matches("[0-9a-f:]*:[0-9a-f:.]*");
    }

    private static byte[] bytes(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException e) {
            return new byte[0];
        }
    }

    private static String either(Map<String, String> environment, String upper, String lower) {
        String value = environment.getOrDefault(upper, "").strip();
        return value.isEmpty() ? environment.getOrDefault(lower, "").strip() : value;
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Omits user and password. */
    @Override
    public String toString() {
        return "http://" + host + ":" + port;
    }
}
