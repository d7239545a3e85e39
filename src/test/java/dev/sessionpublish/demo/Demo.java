package dev.sessionpublish.demo;

import dev.sessionpublish.OperatorInProcess;
import dev.sessionpublish.gitea.GiteaSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * Shows whole publishes: the operator as {@code Main} wires it, real git on both sides, a stand-in for a cluster in this
 * process, and as the forge a stand-in for GitHub or, with {@code --forge gitea}, a Gitea that is running. Ends with exit
 * code 0 when all was as announced, 1 when it was not, 2 for arguments or settings that it can't start with. With
 * {@code --keep} it goes on until Ctrl-C.
 */
public final class Demo {
    private Demo() {}

    public static void main(String[] words) {
        PrintStream out = System.out;
        int code;
        try {
            Optional<Arguments> arguments = Arguments.parse(List.of(words));
            if (arguments.isEmpty()) {
                out.println(Arguments.USAGE);
                code = 2;
            } else {
                code = run(arguments.get(), out);
            }
        } catch (Exception e) {
            out.println();
            out.println("The demo could not go on: " + e.getMessage());
            code = 1;
        }
        out.flush();
        System.exit(code);
    }

    private static int run(Arguments arguments, PrintStream out) throws Exception {
        Optional<GiteaSettings> gitea = Optional.empty();
        if (arguments.onGitea()) {
            try {
                gitea = Optional.of(GiteaSettings.from(GiteaSettings::ofThisProcess));
            } catch (IllegalArgumentException e) {
                out.println(e.getMessage());
                return 2;
            }
        }
        Narrator narrator = new Narrator(out, System.console() != null && System.getenv("NO_COLOR") == null);
        Path directory = Files.createTempDirectory("session-publish-demo-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> DemoWorld.delete(directory)));
        OperatorInProcess.logTo(DemoWorld.logIn(directory));
        DemoForge forge = gitea.isPresent() ? RunningGitea.start(gitea.get()) : StandInForge.start(directory);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(forge, out)));
        introduce(narrator, forge);
        try (DemoWorld world = DemoWorld.start(directory, forge)) {
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
            if (arguments.keep()) {
                keep(narrator, world);
            }
            return asShown ? 0 : 1;
        }
    }

    /** Also on Ctrl-C, so that nothing is left where it isn't ours. */
    private static void close(DemoForge forge, PrintStream out) {
        try {
            forge.close();
        } catch (IOException e) {
            out.println("What the demo made at " + forge.repositoryUrl() + " may be left there: " + e.getMessage());
        }
    }

    private static void play(Narrator narrator, DemoWorld world) throws Exception {
        try (Kubectl kubectl =
                new Kubectl(world.cluster().client(), world.forge().repositoryUrl(), narrator)) {
            new Scenes(world, kubectl, narrator).play();
        }
    }

    private static void introduce(Narrator narrator, DemoForge forge) {
        narrator.say("Session Publish Operator: from commits in a sandbox to a pull request");
        narrator.say(forge.introduction());
    }

    private static void whereIsWhat(Narrator narrator, DemoWorld world) {
        narrator.pause();
        narrator.output("API server     " + world.cluster().url());
        world.forge().whereabouts().forEach(narrator::output);
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
                  %s""".formatted(
                        world.cluster().kubeconfig(),
                        world.checkoutDirectory(),
                        world.forge().lookAt("backup/fix-login")));
        new CountDownLatch(1).await();
    }
}
