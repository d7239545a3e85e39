package dev.sessionpublish.forge;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.sessionpublish.git.RepositoryUrl;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that the operator may talk to, as the cluster admin lists them: a YAML list of entries with {@code host}
 * ({@code HOST} or {@code HOST:PORT}), {@code kind} (GitHub, Gitea or Forgejo; not needed for github.com and
 * {@code *.ghe.com}), {@code apiUrl} (when it is not the usual one of its kind), {@code caBundle} (a PEM file,
 * relative to the list's directory) and {@code lfsHosts} (where else the forge keeps Git LFS objects, {@code HOST} or
 * {@code HOST:PORT} each). Nothing is guessed: an unknown key, a host named twice, or a URL that isn't https
 * is an error.
 */
public final class ForgeHosts {
    /** What holds without a list: github.com alone. */
    public static final ForgeHosts DEFAULT = new ForgeHosts(Map.of("github.com", ForgeHost.GITHUB_COM));

    private static final ObjectMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Map<String, ForgeHost> hosts;

    private ForgeHosts(Map<String, ForgeHost> hosts) {
        this.hosts = hosts;
    }

    /** @throws IllegalArgumentException as {@link #parse}, and when the file can't be read */
    public static ForgeHosts read(Path file) {
        try {
            return parse(Files.readString(file), file);
        } catch (IOException e) {
            throw new IllegalArgumentException("The forges file " + file + " can't be read", e);
        }
    }

    /**
     * @param file where the text was read from, for messages and relative paths
     * @throws IllegalArgumentException naming the file, the entry and what to write
     */
    public static ForgeHosts parse(String yaml, Path file) {
        Map<String, ForgeHost> hosts = new LinkedHashMap<>();
        int number = 0;
        for (@Nullable Entry entry : entries(yaml, file)) {
            String where = file + ", entry " + ++number;
            if (entry == null) {
                throw new IllegalArgumentException(where + ": it is empty; write at least host and kind");
            }
            ForgeHost host = host(entry, where, file);
            if (hosts.putIfAbsent(host.authority(), host) != null) {
                throw new IllegalArgumentException(where + ": " + host.authority() + " is listed twice");
            }
        }
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException(file + ": it lists no host; write at least one, or unset "
                    + "SESSION_PUBLISH_FORGES to allow github.com alone");
        }
        return new ForgeHosts(hosts);
    }

    /** @param authority as in {@code RepositoryUrl.authority} */
    public Optional<ForgeHost> find(String authority) {
        return Optional.ofNullable(hosts.get(authority));
    }

    public Collection<ForgeHost> all() {
        return List.copyOf(hosts.values());
    }

    private static List<@Nullable Entry> entries(String yaml, Path file) {
        try {
            List<@Nullable Entry> entries = YAML.readValue(yaml, new TypeReference<>() {});
            return entries == null ? List.of() : entries;
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new IllegalArgumentException(
                    file + (line > 0 ? ", line " + line : "")
                            + ": it must be a YAML list of entries with host, kind, apiUrl, caBundle and lfsHosts: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""),
                    e);
        }
    }

    private static ForgeHost host(Entry entry, String where, Path file) {
        if (entry.host == null) {
            throw new IllegalArgumentException(where + ": host is missing");
        }
        String authority = RepositoryUrl.authority(entry.host)
                .orElseThrow(() -> new IllegalArgumentException(
                        where + ": host must be a name or an IP address, with :PORT where it isn't 443"));
        ForgeKind kind = kind(entry.kind, authority, where);
        URI apiUrl = entry.apiUrl == null ? usualApiUrl(authority, kind) : apiUrl(entry.apiUrl, where);
        return new ForgeHost(
                authority,
                kind,
                apiUrl,
                Optional.ofNullable(entry.caBundle).map(path -> caBundle(path, where, file)),
                lfsHosts(entry.lfsHosts, authority, where));
    }

    private static ForgeKind kind(@Nullable String kind, String authority, String where) {
        boolean githubs = authority.equals("github.com") || isGheCom(authority);
        if (kind == null && githubs) {
            return ForgeKind.GITHUB;
        }
        ForgeKind known =
                switch (kind == null ? "" : kind.toLowerCase(Locale.ROOT)) {
                    case "github" -> ForgeKind.GITHUB;
                    case "gitea" -> ForgeKind.GITEA;
                    case "forgejo" -> ForgeKind.FORGEJO;
                    default -> throw new IllegalArgumentException(where + ": kind must be GitHub, Gitea or Forgejo");
                };
        if (githubs && known != ForgeKind.GITHUB) {
            throw new IllegalArgumentException(where + ": " + authority + " is GitHub's; write kind: GitHub");
        }
        return known;
    }

    private static boolean isGheCom(String authority) {
        return authority.endsWith(".ghe.com");
    }

    private static URI usualApiUrl(String authority, ForgeKind kind) {
        if (authority.equals("github.com")) {
            return ForgeHost.GITHUB_COM.apiUrl();
        }
        return URI.create(
                switch (kind) {
                    case GITHUB ->
                        isGheCom(authority) ? "https://api." + authority : "https://" + authority + "/api/v3";
                    case GITEA, FORGEJO -> "https://" + authority + "/api/v1";
                });
    }

    private static URI apiUrl(String text, String where) {
        try {
            URI url = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            if ("https".equalsIgnoreCase(url.getScheme())
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // Told below, in the same words.
        }
        throw new IllegalArgumentException(where + ": apiUrl must be an https URL without user, query and fragment");
    }

    private static Set<String> lfsHosts(@Nullable List<String> listed, String authority, String where) {
        Set<String> hosts = new LinkedHashSet<>();
        hosts.add(authority);
        if (authority.equals("github.com")) {
            hosts.addAll(ForgeHost.GITHUB_COM.lfsHosts());
        }
        for (String each : listed == null ? List.<String>of() : listed) {
            hosts.add(RepositoryUrl.authority(each)
                    .orElseThrow(() -> new IllegalArgumentException(
                            where + ": lfsHosts are names or IP addresses, with :PORT where it isn't 443")));
        }
        return Set.copyOf(hosts);
    }

    private static Path caBundle(String path, String where, Path file) {
        try {
            return file.toAbsolutePath().resolveSibling(path).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(where + ": caBundle is not a path", e);
        }
    }

    private record Entry(
            @JsonProperty("host") @Nullable String host,
            @JsonProperty("kind") @Nullable String kind,
            @JsonProperty("apiUrl") @Nullable String apiUrl,
            @JsonProperty("caBundle") @Nullable String caBundle,
            @JsonProperty("lfsHosts") @Nullable List<String> lfsHosts) {}
}
