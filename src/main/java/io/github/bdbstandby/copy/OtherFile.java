package io.github.bdbstandby.copy;

import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * A file of the application's own in the home: DB_CONFIG, or anything that is not libdb's.
 *
 * @param relative its path from the home
 * @param path where it is
 * @param size bytes
 * @param modified when it was last written
 */
public record OtherFile(Path relative, Path path, long size, FileTime modified) {}
