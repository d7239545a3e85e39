package dev.sessionpublish.gitea;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a running Gitea is, and how to make users and repositories there. Each setting is a system property
 * ({@code forge.url}) or else an environment variable ({@code FORGE_URL}).
 *
 * @param url of its pages and of git
 * @param api the root of its REST API
 * @param ca PEM certificates to trust instead of the JVM's; without it those
 * @param token of an administrator
 */
public record GiteaSettings(URI url, URI api, Optional<Path> ca, String token) {
    private static final String DEFAULT_API = "/api/v1";
    private static final Map<String, String> MEANING = Map.of(
            "FORGE_URL", "the root of its pages, https://HOST or https://HOST:PORT",
            "FORGE_TOKEN", "a token of an administrator, with all scopes");

    /** Never shows the token. */
    @Override
    public String toString() {
        return "Gitea at " + url;
    }

    /**
     * @param lookup of a property or variable; null when it isn't set
     * @throws IllegalArgumentException with what to set
     */
    public static GiteaSettings from(Function<String, @Nullable String> lookup) {
        List<String> missing = new ArrayList<>();
        String url = setting(lookup, "FORGE_URL", missing);
        String token = setting(lookup, "FORGE_TOKEN", missing);
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("--forge gitea needs a running Gitea or Forgejo. Set "
                    + String.join("; and ", missing)
                    + ". FORGE_API is needed where its API isn't at FORGE_URL/api/v1, FORGE_CA (a PEM file) where its"
                    + " certificate is of a private authority.");
        }
        URI pages = https("FORGE_URL", url);
        String api = set(lookup, "FORGE_API").orElse(pages + DEFAULT_API);
        Optional<Path> ca = set(lookup, "FORGE_CA").map(Path::of);
        if (ca.isPresent() && !Files.isReadable(ca.get())) {
            throw new IllegalArgumentException(
                    "FORGE_CA is to be a PEM file that can be read; " + ca.get() + " isn't.");
        }
        return new GiteaSettings(pages, https("FORGE_API", api), ca.map(Path::toAbsolutePath), token);
    }

    /** The entry for it in the operator's forges file. */
    public String forgesEntry() {
        String entry = "- host: " + url.getAuthority() + "\n  kind: Gitea\n";
        if (!api.toString().equals(url + DEFAULT_API)) {
            entry += "  apiUrl: " + api + "\n";
        }
        return entry + ca.map(file -> "  caBundle: " + file + "\n").orElse("");
    }

    /** Looks into the system properties, then into the environment. */
    public static @Nullable String ofThisProcess(String name) {
        String property = System.getProperty(name.toLowerCase(Locale.ROOT).replace('_', '.'));
        return property == null ? System.getenv(name) : property;
    }

    private static Optional<String> set(Function<String, @Nullable String> lookup, String name) {
        return Optional.ofNullable(lookup.apply(name)).filter(value -> !value.isBlank());
    }

    private static String setting(Function<String, @Nullable String> lookup, String name, List<String> missing) {
        return set(lookup, name).orElseGet(() -> {
            missing.add(name + " to " + MEANING.get(name));
            return "";
        });
    }

    private static URI https(String name, String value) {
        try {
            URI uri = new URI(value.endsWith("/") ? value.substring(0, value.length() - 1) : value);
            if ("https".equals(uri.getScheme()) && uri.getAuthority() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Reported below, in the same words.
        }
        throw new IllegalArgumentException(name + " is to be an https URL without a user.");
    }
}
