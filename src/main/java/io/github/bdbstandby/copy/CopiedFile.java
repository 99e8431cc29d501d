package io.github.bdbstandby.copy;

import java.nio.file.Path;

/**
 * A file whose copy is durable, or will be with those of others.
 *
 * @param target where the copy is
 * @param size bytes
 * @param crc32c sum of all bytes, holes as zeros
 */
public record CopiedFile(Path target, long size, long crc32c) {}
