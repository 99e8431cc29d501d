#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kinds.h"

void usage(const char *why, const char *what)
{
    fprintf(stderr, "bdb-kinds: %s%s%s\n", why, what != NULL ? ": " : "", what != NULL ? what : "");
    fprintf(stderr, "usage: bdb-kinds list\n"
                    "       bdb-kinds KIND init|run|check|remove --home DIRECTORY [options]\n");
    exit(EXIT_USAGE);
}

void library_error(int ret, const char *what)
{
    fprintf(stderr, "bdb-kinds: %s: %s\n", what, db_strerror(ret));
    fflush(NULL);
    /* _exit: a broken environment must not be closed, that could hang. */
    _exit(EXIT_LIBRARY);
}

void must(int ret, const char *what)
{
    if (ret != 0)
        library_error(ret, what);
}

bool is_deadlock(int ret)
{
    return ret == DB_LOCK_DEADLOCK || ret == DB_LOCK_NOTGRANTED;
}

void fail(struct world *world, const char *format, ...)
{
    va_list arguments;

    if (world->failures++ >= 20)
        return;
    fprintf(stderr, "bdb-kinds: check failed: ");
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\n");
}
