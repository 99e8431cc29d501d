package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same classes once more in another class loader, as in a second web application. */
final class OneOwnerTest {
  @TempDir Path temp;

  @Test
  void aSecondCopyOfTheShimIsRefused() throws Exception {
    assertThat(DbEnvironment.version().library()).startsWith("5.3.");
    List<URL> urls = new ArrayList<>(List.of(shim().toUri().toURL()));
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    for (String each : classPath.split(File.pathSeparator, -1)) {
      urls.add(url(each));
    }
    try (URLClassLoader second =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Method version = second.loadClass(DbEnvironment.class.getName()).getMethod("version");
      assertThatThrownBy(() -> version.invoke(null))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .isInstanceOf(UnsatisfiedLinkError.class)
          .hasMessageContaining("class loader")
          .hasMessageContaining(getClass().getClassLoader().toString());
    }
  }

  private static URL url(String file) {
    try {
      return Path.of(file).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(file, e);
    }
  }

  /** Another file, as each class loader extracts one: the JVM itself refuses the same. */
  private Path shim() throws Exception {
    URL here = DbEnvironment.class.getProtectionDomain().getCodeSource().getLocation();
    Path classes = Path.of(here.toURI());
    List<Path> shims;
    try (Stream<Path> all = Files.walk(classes)) {
      shims = all.filter(each -> each.endsWith("libbdbstandby.so")).toList();
    }
    for (Path shim : shims) {
      Path copy = temp.resolve(classes.relativize(shim).toString());
      Files.createDirectories(copy.getParent());
      Files.copy(shim, copy);
    }
    return temp;
  }
}
