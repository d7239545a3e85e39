package dev.sessionpublish.crd;

import dev.sessionpublish.api.v1alpha1.SessionProject;
import dev.sessionpublish.api.v1alpha1.SessionPublish;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDGenerator.CRDOutput;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files that are generated from the resource records, by path below the project's directory, as text. */
public final class CrdGenerator {
    private static final List<Class<? extends CustomResource<?, ?>>> KINDS =
            List.of(SessionPublish.class, SessionProject.class);

    private static final Path CHART = Path.of("helm", "session-publish-operator", "files", "crds");

    private CrdGenerator() {}

    public static Map<Path, String> files() {
        List<CustomResourceDefinition> crds = definitions();
        Map<Path, String> files = new LinkedHashMap<>();
        for (CustomResourceDefinition crd : crds) {
            String file = crd.getMetadata().getName() + ".yaml";
            files.put(Path.of("crds", file), CrdYaml.write(crd));
            files.put(CHART.resolve(file), CrdYaml.write(crd));
        }
        files.put(Path.of("docs", "reference.md"), ReferenceDocument.write(crds));
        return files;
    }

    /** One definition for each kind, as the API server shall have it. */
    public static List<CustomResourceDefinition> definitions() {
        List<CustomResourceDefinition> crds = new ArrayList<>();
        for (Class<? extends CustomResource<?, ?>> kind : KINDS) {
            new CRDGenerator()
                    .customResourceClasses(kind)
                    .withOutput(new Nowhere())
                    .withPostProcessor(new Keeping(kind, crds))
                    .generate();
        }
        return crds;
    }

    /** Refines the definition and keeps it. */
    private record Keeping(Class<? extends CustomResource<?, ?>> kind, List<CustomResourceDefinition> crds)
            implements CRDPostProcessor {
        @Override
        public HasMetadata process(HasMetadata crd, String version) {
            CustomResourceDefinition refined = CrdRefinement.refine(kind, (CustomResourceDefinition) crd);
            crds.add(refined);
            return refined;
        }
    }

    /** The library's own YAML is not used. */
    private static final class Nowhere implements CRDOutput<ByteArrayOutputStream> {
        @Override
        public ByteArrayOutputStream outputFor(String name) {
            return new ByteArrayOutputStream();
        }

        @Override
        public void close() {}
    }
}
