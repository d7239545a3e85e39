package dev.sessionpublish.outcome;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.tree.YieldTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The texts of messages in the source code, each as it can be composed: what is known only at run time is {@link
 * #UNKNOWN}. A text that comes from a parameter is looked for at the callers, one of a method at its returns, and one of
 * a variable at its initializer.
 */
final class RefusalTexts {
    static final String UNKNOWN = "…";
    private static final int DEEPEST = 8;

    private final List<CompilationUnitTree> units = new ArrayList<>();

    /** @param place the file that composes the text */
    record Text(String place, String text) {}

    /** @param message what is a message of a tree of the source code, if anything */
    static Set<Text> in(Path sources, Function<Tree, Optional<Tree>> message) throws IOException {
        RefusalTexts all = new RefusalTexts();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> found = Files.walk(sources)) {
            List<Path> java =
                    found.filter(each -> each.toString().endsWith(".java")).toList();
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(java));
            task.parse().forEach(all.units::add);
        }
        return all.collected(message);
    }

    private Set<Text> collected(Function<Tree, Optional<Tree>> message) {
        Set<Text> texts = new HashSet<>();
        for (CompilationUnitTree unit : units) {
            new TreePathScanner<Void, Void>() {
                @Override
                public Void scan(Tree tree, Void none) {
                    Optional<Tree> composed = tree == null ? Optional.empty() : message.apply(tree);
                    composed.ifPresent(each ->
                            of(getCurrentPath(), each, DEEPEST).forEach(text -> texts.add(new Text(name(unit), text))));
                    return super.scan(tree, none);
                }
            }.scan(new TreePath(unit), null);
        }
        return texts;
    }

    private static String name(CompilationUnitTree unit) {
        return Path.of(unit.getSourceFile().getName()).getFileName().toString().replace(".java", "");
    }

    /** What an expression at a place can be. */
    private List<String> of(TreePath place, Tree expression, int depth) {
        if (expression instanceof LiteralTree literal && literal.getValue() instanceof String text) {
            return List.of(text);
        }
        if (expression instanceof ParenthesizedTree inner) {
            return of(place, inner.getExpression(), depth);
        }
        if (expression instanceof BinaryTree sum && sum.getKind() == Tree.Kind.PLUS) {
            List<String> right = of(place, sum.getRightOperand(), depth);
            return of(place, sum.getLeftOperand(), depth).stream()
                    .flatMap(left -> right.stream().map(left::concat))
                    .distinct()
                    .toList();
        }
        if (expression instanceof ConditionalExpressionTree choice) {
            return Stream.of(choice.getTrueExpression(), choice.getFalseExpression())
                    .flatMap(each -> of(place, each, depth).stream())
                    .toList();
        }
        if (expression instanceof SwitchExpressionTree choice) {
            return choice.getCases().stream()
                    .flatMap(each -> of(place, each.getBody(), depth).stream())
                    .toList();
        }
        if (depth > 0 && expression instanceof IdentifierTree named) {
            return ofName(place, named.getName().toString(), depth - 1);
        }
        if (depth > 0 && expression instanceof MethodInvocationTree call) {
            return ofCall(place, call, depth - 1);
        }
        return List.of(UNKNOWN);
    }

    private List<String> ofName(TreePath place, String name, int depth) {
        for (TreePath at = place; at != null; at = at.getParentPath()) {
            if (at.getLeaf() instanceof MethodTree method) {
                List<String> names = method.getParameters().stream()
                        .map(each -> each.getName().toString())
                        .toList();
                return names.contains(name)
                        ? ofParameter(at, method, names.indexOf(name), depth)
                        : ofVariable(at, method, name, depth);
            }
        }
        return List.of(UNKNOWN);
    }

    /** A variable of the method, or else a constant of the file. */
    private List<String> ofVariable(TreePath place, MethodTree method, String name, int depth) {
        List<String> local = ofInitializers(place, method, name, depth);
        List<String> texts = local.isEmpty() ? ofInitializers(place, place.getCompilationUnit(), name, depth) : local;
        return texts.isEmpty() ? List.of(UNKNOWN) : texts;
    }

    private List<String> ofInitializers(TreePath place, Tree within, String name, int depth) {
        List<String> texts = new ArrayList<>();
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitVariable(VariableTree variable, Void none) {
                if (variable.getName().contentEquals(name) && variable.getInitializer() != null) {
                    texts.addAll(of(place, variable.getInitializer(), depth));
                }
                return super.visitVariable(variable, none);
            }
        }.scan(within, null);
        return texts;
    }

    /** What the callers give: those of the same file, or else of all files. */
    private List<String> ofParameter(TreePath place, MethodTree method, int index, int depth) {
        List<String> here = ofCallers(List.of(place.getCompilationUnit()), method, index, depth);
        List<String> texts = here.isEmpty() ? ofCallers(units, method, index, depth) : here;
        return texts.isEmpty() ? List.of(UNKNOWN) : texts;
    }

    private List<String> ofCallers(List<CompilationUnitTree> where, MethodTree method, int index, int depth) {
        List<String> texts = new ArrayList<>();
        for (CompilationUnitTree unit : where) {
            new TreePathScanner<Void, Void>() {
                @Override
                public Void visitMethodInvocation(MethodInvocationTree call, Void none) {
                    if (calls(call, method)) {
                        texts.addAll(of(getCurrentPath(), call.getArguments().get(index), depth));
                    }
                    return super.visitMethodInvocation(call, none);
                }
            }.scan(unit, null);
        }
        return texts;
    }

    private static boolean calls(MethodInvocationTree call, MethodTree method) {
        return nameOf(call.getMethodSelect()).equals(method.getName().toString())
                && call.getArguments().size() == method.getParameters().size();
    }

    private static String nameOf(ExpressionTree called) {
        if (called instanceof MemberSelectTree member) {
            return member.getIdentifier().toString();
        }
        return called.toString();
    }

    /** What a method of the same file returns. */
    private List<String> ofCall(TreePath place, MethodInvocationTree call, int depth) {
        List<String> texts = new ArrayList<>();
        if (call.getMethodSelect() instanceof IdentifierTree) {
            new TreePathScanner<Void, Void>() {
                @Override
                public Void visitMethod(MethodTree method, Void none) {
                    if (calls(call, method)) {
                        returns(getCurrentPath(), method, texts, depth);
                    }
                    return super.visitMethod(method, none);
                }
            }.scan(place.getCompilationUnit(), null);
        }
        return texts.isEmpty() ? List.of(UNKNOWN) : texts;
    }

    private void returns(TreePath place, MethodTree method, List<String> texts, int depth) {
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitReturn(ReturnTree returned, Void none) {
                texts.addAll(of(place, returned.getExpression(), depth));
                return super.visitReturn(returned, none);
            }

            @Override
            public Void visitYield(YieldTree yielded, Void none) {
                return none;
            }

            @Override
            public Void visitLambdaExpression(LambdaExpressionTree lambda, Void none) {
                return none;
            }
        }.scan(method, null);
    }
}
