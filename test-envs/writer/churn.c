#include "worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whole databases come and go: "churn-<number>-<records>-<type>.db", renamed to "churned-…", then removed. */
enum { KEPT = 3, PAUSE_MILLIS = 20, RECORD_SIZE = 200 };

struct database {
    uint64_t number;
    uint64_t records;
    DBTYPE type;
};

static void name_of(struct engine *engine, const struct database *database, const char *kind, char *name)
{
    char file[NAME_SIZE];

    snprintf(file, sizeof(file), "%s-%llu-%llu-%s.db", kind, (unsigned long long)database->number,
             (unsigned long long)database->records, type_name(database->type));
    database_name(engine->options, file, name, NAME_SIZE);
}

static int put_records(DB *db, DB_TXN *txn, const struct database *database)
{
    unsigned char key_bytes[KEY_SIZE];
    unsigned char bytes[RECORD_SIZE];
    int ret = 0;

    for (uint64_t i = 0; i < database->records && ret == 0; i++) {
        DBT key = dbt(key_bytes, sizeof(key_bytes));
        DBT value = dbt(bytes, sizeof(bytes));
        bool keyed = database->type == DB_BTREE || database->type == DB_HASH;

        memset(key_bytes, 0, sizeof(key_bytes));
        if (keyed)
            key.size = (uint32_t)snprintf((char *)key_bytes, sizeof(key_bytes), "%llu", (unsigned long long)i);
        fill(bytes, sizeof(bytes), database->number ^ i);
        ret = db->put(db, txn, &key, &value, keyed ? 0 : DB_APPEND);
    }
    return ret;
}

/*
 * Every attempt has a name of its own: libdb 5.3 loses pages of a queue with extents that was
 * made under a name whose creation had just been aborted.
 */
static int create(struct engine *engine, DB_TXN *txn, struct database *database)
{
    struct making making = {.type = database->type, .record_length = RECORD_SIZE, .create = true};
    char name[NAME_SIZE];
    DB *db = NULL;
    int close_ret;
    int ret;

    database->number = engine->churn_number++;
    database->records = 20 + mix(database->number) % 200;
    making.spread = (size_t)database->number;
    /* After a crash libdb 5.3 does not always undo the renaming or removal of extents. */
    making.without_extents = !engine->options->churn_extents;
    name_of(engine, database, "churn", name);
    ret = database_open(engine->env, engine->options, txn, name, &making, &db);
    if (ret != 0)
        return ret;
    ret = put_records(db, txn, database);
    close_ret = db->close(db, 0);
    return ret != 0 ? ret : close_ret;
}

static int rename_it(struct engine *engine, DB_TXN *txn, struct database *database)
{
    char from[NAME_SIZE];
    char to[NAME_SIZE];

    name_of(engine, database, "churn", from);
    name_of(engine, database, "churned", to);
    return engine->env->dbrename(engine->env, txn, from, NULL, to, 0);
}

static int remove_it(struct engine *engine, DB_TXN *txn, struct database *database)
{
    char name[NAME_SIZE];

    name_of(engine, database, "churned", name);
    return engine->env->dbremove(engine->env, txn, name, NULL, 0);
}

typedef int step(struct engine *engine, DB_TXN *txn, struct database *database);

/* Every fourth transaction is first made and aborted, then made again. */
static int in_transaction(struct engine *engine, step *work, struct database *database, bool abort_first)
{
    for (;;) {
        DB_TXN *txn;
        int abort_ret;
        int ret = engine_begin(engine, &txn);

        if (ret != 0)
            return ret;
        ret = work(engine, txn, database);
        if (ret == 0 && !abort_first)
            return txn != NULL ? txn->commit(txn, engine->commit_flags) : 0;
        abort_ret = txn != NULL ? txn->abort(txn) : EXIT_CHECK;
        if (ret != 0 && !is_deadlock(ret))
            return ret;
        if (abort_ret != 0)
            return abort_ret;
        if (ret == 0)
            abort_first = false;
    }
}

void *churn_run(void *argument)
{
    struct engine *engine = argument;
    const struct options *options = engine->options;
    bool aborts = engine->bank.transactional;
    struct database ring[KEPT];
    uint64_t count = 0;
    int ret = 0;

    while (!atomic_load(&engine->stop) && ret == 0) {
        struct database *database = &ring[count % KEPT];

        if (count >= KEPT)
            ret = in_transaction(engine, remove_it, database, aborts && count % 4 == 2);
        if (ret != 0)
            break;
        database->type = options->type[count % options->type_count];
        ret = in_transaction(engine, create, database, aborts && count % 4 == 0);
        if (ret == 0)
            ret = in_transaction(engine, rename_it, database, aborts && count % 4 == 1);
        count++;
        atomic_fetch_add(&engine->churned, 1);
        sleep_millis(engine, PAUSE_MILLIS);
    }
    if (ret != 0)
        engine_fail(engine, ret, "creating, renaming or removing a database");
    return NULL;
}

bool churn_check(DB_ENV *env, const struct options *options, const char *file, uint64_t number, uint64_t records)
{
    struct making making = {.type = DB_UNKNOWN, .read_only = true};
    unsigned char *seen = calloc(records + 1, 1);
    unsigned char key_bytes[KEY_SIZE];
    unsigned char bytes[RECORD_SIZE];
    DBT key = dbt(key_bytes, sizeof(key_bytes));
    DBT value = dbt(bytes, sizeof(bytes));
    char name[NAME_SIZE];
    uint64_t count = 0;
    DBC *cursor;
    DB *db;
    int ret;

    if (seen == NULL)
        usage("out of memory", NULL);
    database_name(options, file, name, sizeof(name));
    db = database_must_open(env, options, name, &making);
    must(db->cursor(db, NULL, &cursor, 0), name);
    while ((ret = cursor->get(cursor, &key, &value, DB_NEXT)) == 0) {
        uint64_t i = 0;

        while (i < records && (seen[i] || !is_filled(bytes, value.size, number ^ i)))
            i++;
        if (i == records)
            break;
        seen[i] = 1;
        count++;
    }
    cursor->close(cursor);
    must(ret == DB_NOTFOUND || ret == DB_BUFFER_SMALL ? 0 : ret, name);
    must(db->close(db, 0), name);
    free(seen);
    return ret == DB_NOTFOUND && count == records;
}
