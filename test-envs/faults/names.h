#ifndef BDB_FAULTS_NAMES_H
#define BDB_FAULTS_NAMES_H

#include <stdbool.h>
#include <stddef.h>

enum { PLACE_SIZE = 256 };

/* Reads the watched directories: LABEL=PATH, separated by colons. */
void names_watch(const char *directories);

/*
 * The canonical name of a path's place: which directory of those watched, which kind of file, no numbers.
 * False when the path is in none of them.
 */
bool names_of(const char *path, bool is_directory, char *place);

/* Whether a place is a database file's, which is written page by page. */
bool names_is_database(const char *place);

#endif
