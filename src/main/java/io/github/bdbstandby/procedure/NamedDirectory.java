package io.github.bdbstandby.procedure;

import java.nio.file.Path;

/**
 * A directory that a log names a file in. libdb's recovery makes none, and panics where it is to
 * make or rename a file in one that is not there: the application has removed it since, or made it
 * after the source was looked through.
 *
 * @param data the data directory that libdb chose, relative to the home; empty for none
 * @param below the directory's path from there
 */
public record NamedDirectory(Path data, Path below) {}
