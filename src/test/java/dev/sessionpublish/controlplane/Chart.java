package dev.sessionpublish.controlplane;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The chart of this project, rendered. */
final class Chart {
    static final Path DIRECTORY = Path.of("helm", "session-publish-operator");
    static final String STAMPING = "--api-versions=admissionregistration.k8s.io/v1/MutatingAdmissionPolicy";

    private Chart() {}

    /** What helm renders without a cluster, or how it refuses to. */
    static String template(int expectedExit, String... arguments) {
        return templateOf("session-publish-operator", expectedExit, arguments);
    }

    /** The same for a release of another name. */
    static String templateOf(String release, int expectedExit, String... arguments) {
        List<String> all = new ArrayList<>(
                List.of("template", release, DIRECTORY.toString(), "-n", "session-publish", "--skip-tests"));
        all.addAll(List.of(arguments));
        if (Stream.of(arguments).noneMatch(each -> each.startsWith("--kube-version"))) {
            all.add("--kube-version=1.30.0");
        }
        return new ControlPlane(Path.of("/dev/null"))
                .helm(expectedExit, all.toArray(String[]::new))
                .replaceAll("(?m)^# Source: .*\n", "");
    }

    /** The same without what makes objects helm's own. */
    static String plain(String... arguments) {
        return template(0, arguments)
                .lines()
                .filter(line -> !line.matches(" +(helm.sh/chart|app.kubernetes.io/managed-by): .*"))
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
