#ifndef BDB_WRITER_DATABASE_H
#define BDB_WRITER_DATABASE_H

#include "environment.h"

enum { NAME_SIZE = 256 };

struct making {
    DBTYPE type;
    uint32_t record_length; /* of a queue */
    uint32_t extents;       /* how many times the size of an extent; 0 is 1 */
    size_t spread;          /* chooses the data directory */
    bool without_extents;
    bool create;
    bool read_only;
    bool outside; /* of any transaction */
};

/* Opens a database, in `txn` or in a transaction of its own. The caller sees deadlocks only with a txn. */
int database_open(DB_ENV *env, const struct options *options, DB_TXN *txn, const char *name,
                  const struct making *making, DB **result);
DB *database_must_open(DB_ENV *env, const struct options *options, const char *name, const struct making *making);
void database_name(const struct options *options, const char *file, char *name, size_t size);
int64_t database_count(DB *db);

/* A DBT over the caller's own memory, which is what handles shared by threads need. */
DBT dbt(void *data, size_t size);

#endif
