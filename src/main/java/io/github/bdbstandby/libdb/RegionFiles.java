package io.github.bdbstandby.libdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * libdb's region files, {@code __db.001} and so on; {@code __db.register} and {@code __db.rep} are
 * none.
 */
final class RegionFiles {

  private static final Pattern NAME = Pattern.compile("__db\\.[0-9]+");

  private RegionFiles() {}

  /** See {@link DbEnvironment#hasRegionFiles}. */
  static boolean areIn(Path home) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(home, "__db.*")) {
      for (Path file : files) {
        if (NAME.matcher(file.getFileName().toString()).matches()) {
          return true;
        }
      }
      return false;
    } catch (NoSuchFileException e) {
      return false;
    } catch (DirectoryIteratorException e) {
      throw new UncheckedIOException(e.getCause());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
