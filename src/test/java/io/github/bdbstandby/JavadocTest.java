package io.github.bdbstandby;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * Whatever can be seen from outside says what it is: each public or protected type and member has a
 * comment, each component of a record a {@code @param}, each package its {@code package-info}. That
 * comments are well formed and what they link to exists, the compiler sees to (doclint, in the
 * POM).
 */
class JavadocTest {
  private static final Path MAIN = Path.of("src/main/java");

  @Test
  void whatIsPublicSaysWhatItIs() throws IOException {
    List<Path> files = sources(MAIN);
    Undocumented found = new Undocumented();
    found.read(files);
    assertThat(found.looked).isGreaterThan(files.size());
    assertThat(found.names).isEmpty();
  }

  @Test
  void eachPackageHasItsContract() throws IOException {
    assertThat(sources(MAIN).stream().map(Path::getParent).distinct())
        .allSatisfy(folder -> assertThat(folder.resolve("package-info.java")).isRegularFile());
  }

  @Test
  void whatSaysNothingIsFound() throws IOException {
    Undocumented found = new Undocumented();
    Path file = Files.createTempDirectory("javadoc").resolve("Bare.java");
    Files.writeString(
        file,
        """
        /** Said. */
        public class Bare {
          /** Said. */
          public int said;
          public int field;
          int internal;
          protected void method() {}
          @Override public String toString() { return ""; }
          public enum Kind { ONE, /** Said. */ TWO }
          /**
           * Said.
           * @param one said
           */
          public record Pair(int one, int other) { public Pair {} }
          /** Said. */
          public interface Face { void inherited(); }
          private static class Hidden { public void unseen() {} }
        }
        """);
    found.read(List.of(file));
    assertThat(found.names)
        .containsExactly(
            "Bare.field",
            "Bare.method",
            "Bare.Kind",
            "Bare.Kind.ONE",
            "Bare.Pair: @param other",
            "Bare.Pair.<init>",
            "Bare.Face.inherited");
    Files.delete(file);
    Files.delete(file.getParent());
  }

  private static List<Path> sources(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("module-info.java"))
          .sorted()
          .toList();
    }
  }

  /** Reads sources without compiling them. */
  private static final class Undocumented {
    private final List<String> names = new ArrayList<>();
    private int looked;

    void read(List<Path> files) throws IOException {
      JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
      try (StandardJavaFileManager manager =
          compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
        JavacTask task =
            (JavacTask)
                compiler.getTask(
                    null,
                    manager,
                    null,
                    List.of("-proc:none"),
                    null,
                    manager.getJavaFileObjectsFromPaths(files));
        DocTrees docs = DocTrees.instance(task);
        for (CompilationUnitTree unit : task.parse()) {
          TreePath top = new TreePath(unit);
          for (Tree type : unit.getTypeDecls()) {
            if (type instanceof ClassTree declared && isVisible(declared.getModifiers(), false)) {
              look(docs, new TreePath(top, declared), declared.getSimpleName().toString());
            }
          }
        }
      }
    }

    private void look(DocTrees docs, TreePath path, String name) {
      ClassTree type = (ClassTree) path.getLeaf();
      comment(docs, path, name);
      if (type.getKind() == Tree.Kind.RECORD) {
        components(docs, path, name);
      }
      boolean open = type.getKind() == Tree.Kind.INTERFACE;
      for (Tree member : type.getMembers()) {
        TreePath place = new TreePath(path, member);
        if (member instanceof ClassTree inner && isVisible(inner.getModifiers(), open)) {
          look(docs, place, name + "." + inner.getSimpleName());
        } else if (member instanceof MethodTree method
            && isVisible(method.getModifiers(), open)
            && docs.getSourcePositions().getStartPosition(path.getCompilationUnit(), method) >= 0
            && !isOverride(method)) {
          comment(docs, place, name + "." + method.getName());
        } else if (member instanceof VariableTree field && isVisible(field.getModifiers(), open)) {
          comment(docs, place, name + "." + field.getName());
        }
      }
    }

    private void comment(DocTrees docs, TreePath path, String name) {
      looked++;
      DocCommentTree comment = docs.getDocCommentTree(path);
      if (comment == null || comment.getFullBody().isEmpty()) {
        names.add(name);
      }
    }

    private void components(DocTrees docs, TreePath path, String name) {
      DocCommentTree comment = docs.getDocCommentTree(path);
      Set<String> said =
          comment == null
              ? Set.of()
              : comment.getBlockTags().stream()
                  .filter(ParamTree.class::isInstance)
                  .map(ParamTree.class::cast)
                  .filter(each -> !each.getDescription().isEmpty())
                  .map(each -> each.getName().getName().toString())
                  .collect(Collectors.toSet());
      for (Tree member : ((ClassTree) path.getLeaf()).getMembers()) {
        // A record has no fields of its own but its components.
        if (member instanceof VariableTree component
            && !component.getModifiers().getFlags().contains(Modifier.STATIC)
            && !said.contains(component.getName().toString())) {
          names.add(name + ": @param " + component.getName());
        }
      }
    }

    private static boolean isVisible(ModifiersTree modifiers, boolean open) {
      Set<Modifier> flags = modifiers.getFlags();
      return flags.contains(Modifier.PUBLIC)
          || flags.contains(Modifier.PROTECTED)
          || (open && !flags.contains(Modifier.PRIVATE));
    }

    private static boolean isOverride(MethodTree method) {
      return method.getModifiers().getAnnotations().stream()
          .anyMatch(each -> each.getAnnotationType().toString().equals("Override"));
    }
  }
}
