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
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.CharacterCodingException;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The forge hosts that the cluster administrator allows: a YAML list of entries with {@code host} ({@code HOST} or
 * {@code HOST:PORT}), {@code kind} (GitHub, Gitea or Forgejo; optional for github.com and {@code *.ghe.com}), {@code
 * apiUrl} (if it is not the default of the kind), {@code caBundle} (a PEM file, relative to the list's directory) and
 * {@code lfsHosts} (other hosts on which the forge stores Git LFS objects, {@code HOST} or {@code HOST:PORT} each).
 * Unknown keys, duplicate hosts and URLs other than https are errors.
 */
public final class ForgeHosts {
    /** The default without a list: only github.com. */
    public static final ForgeHosts DEFAULT = new ForgeHosts(Map.of("github.com", ForgeHost.GITHUB_COM));

    private static final ObjectMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final int MOST_NAMED = 10;

    private final Map<String, ForgeHost> hosts;

    private ForgeHosts(Map<String, ForgeHost> hosts) {
        this.hosts = hosts;
    }

    /** @throws UncheckedIOException if the file can't be read, or as {@link #parse} if it is invalid */
    public static ForgeHosts read(Path file) {
        try {
            return parse(Files.readString(file), file);
        } catch (CharacterCodingException e) {
            throw new UncheckedIOException(
                    new IOException("The forges file " + file + " isn't UTF-8; save it in UTF-8"));
        } catch (IOException e) {
            throw new UncheckedIOException(new IOException("The forges file " + file + " can't be read", e));
        } catch (IllegalArgumentException e) {
            throw new UncheckedIOException(new IOException(e.getMessage()));
        }
    }

    /**
     * @param file the source of the text, for messages and relative paths
     * @throws IllegalArgumentException with a message that names the file, the entry and what to write
     */
    public static ForgeHosts parse(String yaml, Path file) {
        Map<String, ForgeHost> hosts = new LinkedHashMap<>();
        int number = 0;
        for (@Nullable Entry entry : entries(yaml, file)) {
            String where = file + ", entry " + ++number;
            if (entry == null) {
                throw new IllegalArgumentException(where + ": the entry is empty; set at least host and kind");
            }
            ForgeHost host = host(entry, where, file);
            if (hosts.putIfAbsent(host.authority(), host) != null) {
                throw new IllegalArgumentException(
                        where + ": host " + host.authority() + " is a duplicate; remove one of the entries");
            }
        }
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException(file + ": the list is empty; add at least one host, or unset "
                    + "SESSION_PUBLISH_FORGES to allow only github.com");
        }
        return new ForgeHosts(hosts);
    }

    /** @param authority as in {@code RepositoryUrl.authority} */
    public Optional<ForgeHost> find(String authority) {
        return Optional.ofNullable(hosts.get(authority));
    }

    /** The hosts, for a message: at most ten of them. */
    public String named() {
        return hosts.keySet().stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                + (hosts.size() > MOST_NAMED ? ", …" : "");
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
                            + ": the file must be a YAML list of entries with host, kind, apiUrl, caBundle and lfsHosts: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""),
                    e);
        }
    }

    private static ForgeHost host(Entry entry, String where, Path file) {
        if (entry.host == null) {
            throw new IllegalArgumentException(where + ": host is missing; set it to HOST or HOST:PORT");
        }
        String authority = RepositoryUrl.authority(entry.host)
                .orElseThrow(() -> new IllegalArgumentException(
                        where + ": host must be a DNS name or an IP address, with :PORT unless it is 443"));
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
        boolean gitHub = authority.equals("github.com") || isGheCom(authority);
        if (kind == null && gitHub) {
            return ForgeKind.GITHUB;
        }
        ForgeKind known =
                switch (kind == null ? "" : kind.toLowerCase(Locale.ROOT)) {
                    case "github" -> ForgeKind.GITHUB;
                    case "gitea" -> ForgeKind.GITEA;
                    case "forgejo" -> ForgeKind.FORGEJO;
                    default -> throw new IllegalArgumentException(where + ": kind must be GitHub, Gitea or Forgejo");
                };
        if (gitHub && known != ForgeKind.GITHUB) {
            throw new IllegalArgumentException(where + ": kind of " + authority + " must be GitHub");
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
            // Reported below, like other invalid URLs.
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
                            where + ": lfsHosts must be DNS names or IP addresses, with :PORT unless it is 443")));
        }
        return Set.copyOf(hosts);
    }

    private static Path caBundle(String path, String where, Path file) {
        try {
            return file.toAbsolutePath().resolveSibling(path).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(where + ": caBundle must be the path of a PEM file", e);
        }
    }

    private record Entry(
            @JsonProperty("host") @Nullable String host,
            @JsonProperty("kind") @Nullable String kind,
            @JsonProperty("apiUrl") @Nullable String apiUrl,
            @JsonProperty("caBundle") @Nullable String caBundle,
            @JsonProperty("lfsHosts") @Nullable List<String> lfsHosts) {}
}
