package io.github.bdbstandby.libdb;

/**
 * A file that the environment's cache knows ({@code DB_ENV->memp_stat}).
 *
 * @param name as the application opened it: relative to the home or to a data directory, or
 *     absolute
 * @param pageSize in bytes
 */
public record CachedFile(String name, long pageSize) {}
