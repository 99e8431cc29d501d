package io.github.bdbstandby.copy;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file that holds pages: a database, one of its partitions, or an extent of a queue.
 *
 * @param relative its path from the home
 * @param path where it is
 * @param format what its pages look like; an extent has its queue's, empty if the queue is gone
 * @param extent the extent's number in its queue, empty for all else
 * @param size bytes, when it was looked at
 * @param inode the file system's own name of the file
 */
public record DatabaseFile(
    Path relative,
    Path path,
    Optional<PageFormat> format,
    OptionalLong extent,
    long size,
    String inode) {

  /**
   * What stays the same when the file is renamed, and differs between a file and its copy: libdb's
   * file id together with the inode.
   */
  public String identity() {
    return format.map(PageFormat::fileId).orElse("") + "@" + inode;
  }
}
