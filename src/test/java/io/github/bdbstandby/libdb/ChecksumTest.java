package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checksum that libdb is given in place of its own. */
class ChecksumTest {
  private static final String NAME = "__ham_func4";
  private static final int MOST = 70_000;

  private final Function theirs = NativeLibrary.getInstance("libdb-5.3.so").getFunction(NAME);
  private final Function ours;

  ChecksumTest() throws IOException {
    String override = System.getProperty(io.github.bdbstandby.libdb.NativeLibrary.OVERRIDE);
    File shim =
        override == null
            ? Native.extractFromResourcePath("bdbstandby", getClass().getClassLoader())
            : new File(override);
    ours = NativeLibrary.getInstance(shim.getAbsolutePath()).getFunction(NAME);
  }

  private static int call(Function function, Memory bytes, long offset, int size) {
    return function.invokeInt(new Object[] {null, bytes.share(offset), size});
  }

  @Test
  void isAFunctionOfItsOwn() {
    assertThat(ours).isNotEqualTo(theirs);
  }

  @Test
  void isThatOfLibdbForAllShortSizes() {
    int[] fills = {0, 0xff, 0x80, 0x7f, 1};
    for (int fill : fills) {
      try (Memory bytes = new Memory(600)) {
        bytes.setMemory(0, bytes.size(), (byte) fill);
        assertThat(IntStream.range(0, 600).map(size -> call(ours, bytes, 0, size)))
            .as("bytes of %s", fill)
            .containsExactlyElementsOf(
                IntStream.range(0, 600).map(size -> call(theirs, bytes, 0, size)).boxed().toList());
      }
    }
  }

  @Property(tries = 2000)
  void isThatOfLibdb(
      @ForAll long seed,
      @ForAll @IntRange(max = MOST) int size,
      @ForAll @IntRange(max = 15) int at) {
    byte[] content = new byte[size];
    new Random(seed).nextBytes(content);
    try (Memory bytes = new Memory(at + size + 1L)) {
      bytes.write(at, content, 0, size);
      assertThat(call(ours, bytes, at, size)).isEqualTo(call(theirs, bytes, at, size));
    }
  }

  /** The linker itself says so, with all symbols bound at once. */
  @Test
  void isTheOneThatLibdbCalls(@TempDir Path temporary) throws Exception {
    ProcessBuilder command = ChildJvm.of(OpenMain.class, temporary, List.of());
    command.environment().put("LD_BIND_NOW", "1");
    command.environment().put("LD_DEBUG", "bindings");
    command.environment().put("LD_DEBUG_OUTPUT", temporary.resolve("linker").toString());
    try (Child child = Child.start(command)) {
      assertThat(child.await().code()).isZero();
    }
    List<String> bindings = new ArrayList<>();
    try (DirectoryStream<Path> outputs = Files.newDirectoryStream(temporary, "linker*")) {
      for (Path output : outputs) {
        Files.readAllLines(output, StandardCharsets.ISO_8859_1).stream()
            .filter(line -> line.contains(NAME) && line.contains("binding file"))
            .forEach(bindings::add);
      }
    }
    assertThat(bindings)
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).containsPattern("libdb-5.3.so.* to (?!.*libdb-5.3)"));
  }

  /** Loads the shim, and libdb with it. */
  static final class OpenMain {
    private OpenMain() {}

    public static void main(String[] arguments) {
      System.out.println(DbEnvironment.version().library());
    }
  }
}
