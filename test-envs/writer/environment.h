#ifndef BDB_WRITER_ENVIRONMENT_H
#define BDB_WRITER_ENVIRONMENT_H

#include "options.h"

enum open_how {
    OPEN_APPLICATION,   /* join the regions, or make them */
    OPEN_JOIN,          /* join only */
    OPEN_RECOVER,       /* as an application after a crash: regions made anew */
    OPEN_FILES,         /* private cache over the files: no log, no locks, nothing written */
    OPEN_RECOVER_PRIVATE,
    OPEN_RECOVER_FATAL_PRIVATE,
    OPEN_REPLAY
};

/* Home, data and log directories, DB_CONFIG. */
void environment_prepare(const struct options *options);
DB_ENV *environment_open(const struct options *options, enum open_how how);
void environment_close(DB_ENV *env);
void environment_remove(const struct options *options);

/* The data directories in force, from DB_CONFIG and from code; the home itself when there is none. */
size_t environment_data_dirs(const struct options *options, char dirs[][256], size_t max);
/* The same as paths a program can open, with the sub-directory of the databases added. */
size_t environment_database_dirs(const struct options *options, char dirs[][1024], size_t max);

bool environment_is_transactional(DB_ENV *env);
bool is_deadlock(int ret);
void library_error(int ret, const char *what) __attribute__((noreturn));
void must(int ret, const char *what);

#endif
