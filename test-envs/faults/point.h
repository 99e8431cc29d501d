#ifndef BDB_FAULTS_POINT_H
#define BDB_FAULTS_POINT_H

#include <stdbool.h>

/* What to do about one operation. */
enum verdict {
    PASS,        /* nothing */
    DIE_BEFORE,  /* SIGKILL, the operation is not done */
    DIE_MIDWAY,  /* half of it, where there are halves, then SIGKILL */
    DIE_AFTER,   /* the operation, then SIGKILL */
    STOP_BEFORE, /* SIGSTOP, and it is done when the process goes on */
    CUT_SHORT,   /* half of it, as when the disk has become full there */
    FAIL         /* it is not done; errno is set */
};

/*
 * Counts one operation on a path, or on what a descriptor stands for, and says what to do about it.
 * Operations outside the watched directories pass without being counted. Keeps errno when it passes.
 */
enum verdict point_path(const char *operation, int directory, const char *path);
enum verdict point_descriptor(const char *operation, int descriptor);

/* Whether the fault is to be made at such an operation. */
bool point_is_at(const char *operation);

/* Whether a descriptor is a database file's. */
bool point_is_database(int descriptor);

void point_die(void) __attribute__((noreturn));

#endif
