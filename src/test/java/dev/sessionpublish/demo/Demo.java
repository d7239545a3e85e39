package dev.sessionpublish.demo;

import dev.sessionpublish.embedded.EmbeddedWorld;
import dev.sessionpublish.embedded.RealGit;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * Shows whole publishes: the operator as {@code Main} wires it, real git on both sides, and stand-ins for a cluster and
 * for GitHub in this process. Ends with exit code 0 when all was as announced, 1 when it was not, 2 for an argument it
 * doesn't know. With {@code --keep} it goes on until Ctrl-C.
 */
public final class Demo {
    private static final Set<String> KNOWN = Set.of("--keep");

    private Demo() {}

    public static void main(String[] arguments) {
        PrintStream out = System.out;
        int code;
        try {
            code = run(List.of(arguments), out);
        } catch (Exception e) {
            out.println();
            out.println("The demo could not go on: " + e.getMessage());
            code = 1;
        }
        out.flush();
        System.exit(code);
    }

    private static int run(List<String> arguments, PrintStream out) throws Exception {
        if (!KNOWN.containsAll(arguments)) {
            out.println("The one argument is --keep: leaves all running until Ctrl-C.");
            return 2;
        }
        requireHttpBackend();
        Narrator narrator = new Narrator(out, System.console() != null && System.getenv("NO_COLOR") == null);
        Path directory = Files.createTempDirectory("session-publish-demo-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> DemoWorld.delete(directory)));
        introduce(narrator);
        try (DemoWorld world = DemoWorld.start(directory)) {
            whereIsWhat(narrator, world);
            boolean asShown = false;
            try {
                play(narrator, world);
                asShown = narrator.isAllTrue();
            } finally {
                if (!asShown) {
                    narrator.say("What the operator logged:");
                    narrator.output(Files.readString(world.log()));
                }
            }
            narrator.sum();
            if (arguments.contains("--keep")) {
                keep(narrator, world);
            }
            return asShown ? 0 : 1;
        }
    }

    /** Some distributions keep it apart from git. */
    private static void requireHttpBackend() throws Exception {
        String programs = RealGit.in(Path.of(".")).run("--exec-path");
        if (!Files.isExecutable(Path.of(programs, "git-http-backend"))) {
            throw new IllegalStateException("git has no http-backend, which the git server here is made of: install it"
                    + " (in Alpine it is in the package git-daemon).");
        }
    }

    private static void play(Narrator narrator, DemoWorld world) throws Exception {
        try (Kubectl kubectl = new Kubectl(world.embedded().client(), world.repositoryUrl(), narrator)) {
            new Scenes(world, kubectl, narrator).play();
        }
    }

    private static void introduce(Narrator narrator) {
        narrator.say("""
                Session Publish Operator: from commits in a sandbox to a pull request

                The operator that runs here is the real one, and so is git, on both sides. The rest is a
                stand-in in this process, reachable from this machine only, and gone when the demo ends:
                an API server (no scheduler, no kubelet: a pod is a directory, an exec is a process in
                it), and GitHub's API. Nothing leaves this machine. Starting takes a few seconds ...""");
    }

    private static void whereIsWhat(Narrator narrator, DemoWorld world) {
        EmbeddedWorld embedded = world.embedded();
        narrator.pause();
        narrator.output("API server     " + embedded.cluster().url());
        narrator.output("git server     " + world.repositoryUrl() + "   (the bare repository is "
                + embedded.git().repository(EmbeddedWorld.REPOSITORY) + ")");
        narrator.output("GitHub's API   " + embedded.gitHub().apiUrl());
        narrator.output("operator       in this process, its log is " + world.log());
    }

    private static void keep(Narrator narrator, DemoWorld world) throws InterruptedException {
        narrator.say("""
                It is left running until Ctrl-C. Look around with kubectl:

                  export KUBECONFIG=%s
                  kubectl get spub -A
                  kubectl -n agents describe spub fix-login
                  kubectl -n agents events --for sessionpublish/handover

                It publishes no OpenAPI description, so applying needs --validate=false; what the schema refuses is
                refused all the same:

                  kubectl apply --validate=false -f docs/quickstart/publish.yaml

                Commit something in the sandbox, and publish it:

                  git -C %s commit --allow-empty -m 'Try it'
                  kubectl -n agents annotate spub backup --overwrite sessionpublish.dev/retry-at="$(date +%%s)"
                  git -C %s log --oneline backup/fix-login""".formatted(
                        world.embedded().cluster().kubeconfig(),
                        world.checkoutDirectory(),
                        world.embedded().git().repository(EmbeddedWorld.REPOSITORY)));
        new CountDownLatch(1).await();
    }
}
