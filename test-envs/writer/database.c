#include "database.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

DBT dbt(void *data, size_t size)
{
    DBT result;

    memset(&result, 0, sizeof(result));
    result.data = data;
    result.size = (uint32_t)size;
    result.ulen = (uint32_t)size;
    result.flags = DB_DBT_USERMEM;
    return result;
}

void database_name(const struct options *options, const char *file, char *name, size_t size)
{
    int length;

    if (options->subdir != NULL)
        length = snprintf(name, size, "%s/%s", options->subdir, file);
    else
        length = snprintf(name, size, "%s", file);
    if (length < 0 || (size_t)length >= size)
        usage("name too long", file);
}

static int describe(DB *db, const struct options *options, const char *name, const struct making *making)
{
    char dirs[2 * MAX_LIST][256];
    size_t count = environment_data_dirs(options, dirs, 2 * MAX_LIST);
    uint32_t flags = 0;
    int ret = 0;

    if (options->page_size != 0)
        ret = db->set_pagesize(db, (uint32_t)options->page_size);
    if (ret == 0 && options->lorder != 0)
        ret = db->set_lorder(db, (int)options->lorder);
    if (options->checksum)
        flags |= DB_CHKSUM;
    if (options->password_file != NULL)
        flags |= DB_ENCRYPT;
    if (ret == 0 && flags != 0)
        ret = db->set_flags(db, flags);
    if (ret == 0 && making->type == DB_QUEUE) {
        ret = db->set_re_len(db, making->record_length);
        if (ret == 0 && options->extent != 0 && !making->without_extents)
            ret = db->set_q_extentsize(db, (uint32_t)options->extent * (making->extents != 0 ? making->extents : 1));
    }
    if (ret == 0 && count != 0 && name[0] != '/')
        ret = db->set_create_dir(db, dirs[making->spread % count]);
    return ret;
}

static int attempt(DB_ENV *env, const struct options *options, DB_TXN *txn, const char *name,
                   const struct making *making, DB **result)
{
    uint32_t flags = DB_THREAD;
    DB *db;
    int ret = db_create(&db, env, 0);

    if (ret != 0)
        return ret;
    if (making->create) {
        ret = describe(db, options, name, making);
        flags |= DB_CREATE;
    }
    if (making->read_only)
        flags |= DB_RDONLY;
    else if (txn == NULL && environment_is_transactional(env) && !making->outside)
        flags |= DB_AUTO_COMMIT;
    if (ret == 0)
        ret = db->open(db, txn, name, NULL, making->type, flags, 0);
    if (ret != 0) {
        db->close(db, DB_NOSYNC);
        return ret;
    }
    *result = db;
    return 0;
}

int database_open(DB_ENV *env, const struct options *options, DB_TXN *txn, const char *name,
                  const struct making *making, DB **result)
{
    int ret;

    do
        ret = attempt(env, options, txn, name, making, result);
    while (txn == NULL && is_deadlock(ret));
    return ret;
}

DB *database_must_open(DB_ENV *env, const struct options *options, const char *name, const struct making *making)
{
    DB *db = NULL;
    int ret = database_open(env, options, NULL, name, making, &db);

    if (ret != 0)
        library_error(ret, name);
    return db;
}

int64_t database_count(DB *db)
{
    DBT key;
    DBT value;
    DBC *cursor;
    int64_t count;
    int ret;

    memset(&key, 0, sizeof(key));
    memset(&value, 0, sizeof(value));
    key.flags = DB_DBT_REALLOC;
    value.flags = DB_DBT_REALLOC;
    do {
        count = 0;
        ret = db->cursor(db, NULL, &cursor, 0);
        must(ret, "cursor");
        while ((ret = cursor->get(cursor, &key, &value, DB_NEXT)) == 0)
            count++;
        cursor->close(cursor);
    } while (is_deadlock(ret));
    free(key.data);
    free(value.data);
    if (ret != DB_NOTFOUND)
        library_error(ret, "counting");
    return count;
}
