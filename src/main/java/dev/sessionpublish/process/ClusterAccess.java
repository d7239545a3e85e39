package dev.sessionpublish.process;

import dev.sessionpublish.config.InvalidConfigurationException;
import dev.sessionpublish.outcome.SafeText;
import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks where the client of the Kubernetes API is going to find its cluster. The client itself ignores a kubeconfig that
 * it can't use, tries {@code kubernetes.default.svc} instead for a while, and then reports that this name is unknown.
 */
final class ClusterAccess {
    private static final String ADVICE = "set KUBECONFIG to the path of a kubeconfig file";
    private static final int LONGEST_QUOTE = 300;

    private final Path home;
    private final Path token;

    /**
     * @param home the kubeconfig that is used without {@code KUBECONFIG}, if it exists
     * @param token that of the pod's service account, which is used without a kubeconfig
     */
    ClusterAccess(Path home, Path token) {
        this.home = home;
        this.token = token;
    }

    /** With the paths that the client of the Kubernetes API reads in this process. */
    static ClusterAccess ofThisProcess() {
        return new ClusterAccess(
                Path.of(io.fabric8.kubernetes.client.Config.getKubeconfigFilenames()
                        .iterator()
                        .next()),
                Path.of(io.fabric8.kubernetes.client.Config.KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH));
    }

    /** @throws InvalidConfigurationException with the variable, the path, what is wrong and what to do */
    void check(Map<String, String> environment) throws InvalidConfigurationException {
        String listed = environment.getOrDefault("KUBECONFIG", "");
        if (!listed.isEmpty()) {
            checkFiles("KUBECONFIG=" + listed, listed);
        } else if (Files.exists(home)) {
            checkFiles("KUBECONFIG is unset, so " + home + " is used", home.toString());
        } else if (!environment.containsKey("KUBERNETES_MASTER")) {
            checkServiceAccount(environment);
        }
    }

    private void checkServiceAccount(Map<String, String> environment) throws InvalidConfigurationException {
        if (!environment.containsKey("KUBERNETES_SERVICE_HOST")) {
            throw invalid("KUBECONFIG is unset, there is no " + home + ", and this process doesn't run in a pod"
                    + " (KUBERNETES_SERVICE_HOST is unset), so it knows no cluster: " + ADVICE);
        }
        if (!Files.isReadable(token)) {
            throw invalid("KUBECONFIG is unset, and this pod has no service account token that can be read at " + token
                    + ": set automountServiceAccountToken of the pod or its service account to true, or " + ADVICE);
        }
    }

    /** As kubectl does, ignores files that don't exist if others do. The first file with a value for a key wins. */
    private static void checkFiles(String source, String listed) throws InvalidConfigurationException {
        List<Path> files = Stream.of(listed.split(File.pathSeparator))
                .filter(each -> !each.isEmpty())
                .map(Path::of)
                .filter(Files::exists)
                .toList();
        if (files.isEmpty()) {
            throw invalid(source + ": no such file; correct the path, or unset KUBECONFIG to use the pod's service"
                    + " account");
        }
        List<Config> read = new ArrayList<>();
        for (Path file : files) {
            read.add(read(source, file));
        }
        checkContext(source, read);
    }

    private static Config read(String source, Path file) throws InvalidConfigurationException {
        if (!Files.isRegularFile(file)) {
            throw invalid(source + ": " + file + " isn't a file; " + ADVICE);
        }
        if (!Files.isReadable(file)) {
            throw invalid(source + ": " + file + " can't be read by this process's user, "
                    + System.getProperty("user.name") + "; change its owner or its mode");
        }
        try (InputStream content = Files.newInputStream(file)) {
            Config config = new KubernetesSerialization().unmarshal(content, Config.class);
            if (config != null) {
                return config;
            }
            throw invalid(source + ": " + file + " is empty; " + ADVICE);
        } catch (IOException | RuntimeException e) {
            throw invalid(source + ": " + file + " isn't a valid kubeconfig; kubectl --kubeconfig " + file
                    + " config view says where. " + SafeText.line(String.valueOf(e.getMessage()), LONGEST_QUOTE));
        }
    }

    private static void checkContext(String source, List<Config> read) throws InvalidConfigurationException {
        List<NamedContext> contexts =
                read.stream().flatMap(each -> each.getContexts().stream()).toList();
        String advice = "; select one with kubectl config use-context NAME. The contexts are: "
                + contexts.stream().map(NamedContext::getName).collect(Collectors.joining(", "));
        String current = read.stream()
                .map(Config::getCurrentContext)
                .filter(each -> each != null && !each.isEmpty())
                .findFirst()
                .orElse("");
        if (current.isEmpty()) {
            throw invalid(source + ": no current-context is set" + advice);
        }
        NamedContext context = contexts.stream()
                .filter(each -> current.equals(each.getName()) && each.getContext() != null)
                .findFirst()
                .orElseThrow(() -> invalid(source + ": current-context: " + current + " doesn't exist" + advice));
        String cluster = String.valueOf(context.getContext().getCluster());
        if (read.stream().flatMap(each -> each.getClusters().stream()).noneMatch(each -> isUsable(each, cluster))) {
            throw invalid(source + ": the cluster " + cluster + " of current-context: " + current
                    + " doesn't exist or has no server; add it with kubectl config set-cluster " + cluster
                    + " --server=URL");
        }
    }

    private static boolean isUsable(NamedCluster each, String wanted) {
        return wanted.equals(each.getName())
                && each.getCluster() != null
                && each.getCluster().getServer() != null;
    }

    private static InvalidConfigurationException invalid(String problem) {
        return new InvalidConfigurationException(List.of(problem));
    }
}
