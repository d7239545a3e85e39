package dev.sessionpublish;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What CONTRIBUTING.md says about the size and the names of classes, checked. */
class SourceRulesTest {
    private static final Path MAIN = Path.of("src", "main", "java");
    private static final int MAX_CLASS_LINES = 250;
    private static final int MAX_METHOD_LINES = 50;

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(MAIN)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("package-info.java"))
                    .toList();
        }
    }

    @Test
    void noFileIsLongerThanAReaderCanKeepInMind() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path each : sources()) {
            int lines = Files.readAllLines(each).size();
            if (lines > MAX_CLASS_LINES) {
                tooLong.add(each + ": " + lines);
            }
        }
        assertThat(tooLong).as("files over %d lines", MAX_CLASS_LINES).isEmpty();
    }

    @Test
    void noTwoClassesHaveTheSameName() throws IOException {
        Map<String, Long> names = sources().stream()
                .collect(Collectors.groupingBy(each -> each.getFileName().toString(), Collectors.counting()));

        assertThat(names).allSatisfy((name, count) -> assertThat(count).as(name).isEqualTo(1));
    }

    @Test
    void noMethodIsLongerThanAPage() throws IOException {
        assertThat(methodsOver(MAX_METHOD_LINES))
                .as("methods over %d lines", MAX_METHOD_LINES)
                .isEmpty();
    }

    private static List<String> methodsOver(int max) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> tooLong = new ArrayList<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                LineMap lines = unit.getLineMap();
                new TreeScanner<@Nullable Void, @Nullable Void>() {
                    @Override
                    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
                        long first = lines.getLineNumber(positions.getStartPosition(unit, method));
                        long last = lines.getLineNumber(positions.getEndPosition(unit, method));
                        if (last - first + 1 > max) {
                            tooLong.add(unit.getSourceFile().getName() + ": " + method.getName() + ", "
                                    + (last - first + 1));
                        }
                        return super.visitMethod(method, nothing);
                    }
                }.scan(unit, null);
            }
        }
        return tooLong;
    }
}
