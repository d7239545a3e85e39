package dev.sessionpublish.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sessionpublish.embedded.LoggedRequest;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Looks for the tokens of a world wherever text is left behind: as they are, and in every form in which they travel. */
final class SecretScan {
    private final GiteaWorld world;
    private final List<String> kept = new ArrayList<>();

    SecretScan(GiteaWorld world) {
        this.world = world;
    }

    /** This is a secret too, besides the tokens of the teams. */
    String keep(String token) {
        kept.add(token);
        return token;
    }

    /** Nothing secret is in any log, in any object but the Secrets, or on the disk of a sandbox. */
    void assertKept(String operatorLog) throws IOException {
        // It would have found something: these are the places, and they are talkative.
        assertThat(operatorLog).contains("git.push.started", "TRACE");
        assertThat(world.server().log()).contains("git-receive-pack", "[T]", "access_token");
        String objects = world.cluster()
                .controlPlane()
                .kubectl(0, "get", "spub,sproj,events,pods,configmaps,leases", "-A", "-o", "json");
        assertThat(objects).contains("git.push.started", "\"kind\": \"SessionProject\"");
        String audit = Files.readString(Path.of(System.getProperty("controlplane.dir", ""), "audit.log"));
        assertThat(audit).contains("checkout", "\"subresource\":\"exec\"");
        assertThat(forms()).hasSizeGreaterThan(world.teams().size() * 5);

        assertKeptIn("the operator's log", operatorLog);
        assertKeptIn("the forge's log", world.server().log());
        assertKeptIn("an object", objects);
        assertKeptIn("the audit log", audit);
        Path nodes = Path.of(System.getProperty("controlplane.dir", ""), "procnode");
        for (Path root : List.of(nodes, world.cluster().directory().resolve("sandboxes"))) {
            List<Path> files = filesBelow(root);
            assertThat(files).as("%s", root).isNotEmpty();
            for (Path each : files) {
                content(each).ifPresent(text -> assertKeptIn(each.toString(), text));
            }
        }
    }

    void assertKeptIn(String where, String text) {
        for (String form : forms()) {
            assertThat(text.indexOf(form)).as("%s in %s", form, where).isNegative();
        }
    }

    private Set<String> forms() {
        Set<String> forms = new LinkedHashSet<>();
        Stream.concat(world.teams().stream().map(GiteaTeam::token), kept.stream())
                .forEach(token -> {
                    forms.add(token);
                    forms.add(URLEncoder.encode(token, StandardCharsets.UTF_8));
                    for (String carried : List.of(token, "x-access-token:" + token, ":" + token, "token " + token)) {
                        String encoded = Base64.getEncoder().encodeToString(carried.getBytes(StandardCharsets.UTF_8));
                        forms.add(encoded);
                        forms.add(URLEncoder.encode(encoded, StandardCharsets.UTF_8));
                    }
                });
        // And whatever was really sent, be it in a form that nobody has thought of.
        for (LoggedRequest each : world.proxy().requests()) {
            each.header("authorization").ifPresent(value -> forms.add(value.substring(value.indexOf(' ') + 1)));
        }
        return forms;
    }

    private static List<Path> filesBelow(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** A file that goes while it is looked at is of a pod that ends. */
    private static Optional<String> content(Path file) {
        try {
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
