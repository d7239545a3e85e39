package dev.sessionpublish;

import dev.sessionpublish.process.OperatorProgram;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.io.IOException;

/** The operator's process with one reconciler of config maps, each of whose runs lasts until a byte comes on stdin. */
public final class BlockingOperator {
    private BlockingOperator() {}

    public static void main(String[] arguments) {
        OperatorProgram.run(arguments, System.getenv(), (parts, kinds) -> kinds.accept(new Blocking()));
    }

    @ControllerConfiguration
    static final class Blocking implements Reconciler<ConfigMap> {
        @Override
        public UpdateControl<ConfigMap> reconcile(ConfigMap map, Context<ConfigMap> context) throws IOException {
            System.out.println("begins " + map.getMetadata().getName());
            System.in.read();
            System.out.println("ends " + map.getMetadata().getName());
            return UpdateControl.noUpdate();
        }
    }
}
