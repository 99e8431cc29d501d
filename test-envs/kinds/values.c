#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kinds.h"

enum { BIG = 1 << 20, BIG_KEYS = 6, KEYS = 60, GROWN = 30000, SMALL_CACHE = 512 << 10, FROZEN = 3000 };

static void open_values(struct world *world)
{
    struct making making = {.type = DB_BTREE};

    world->own = world_database(world, "records.db", NULL, &making);
}

/* A big value now and then only: each is a log file and more. */
static int big_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    DB *db = world->own;

    if (n % 20 != 0)
        return usual_step(db, txn, n, 100, 100);
    return put_record(db, txn, 1000000 + n / 20 % BIG_KEYS, n, BIG);
}

static const struct kind big = {
    .name = "overflow",
    .shows = "values of 1 MiB, on overflow pages",
    .log_size = 4 << 20,
    .open = open_values,
    .step = big_step,
};

/* From a few bytes to many pages and back; a part of it is written over in between. */
static int growing_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    DB *db = world->own;
    struct text text;
    uint64_t key_number = mix(n, 1) % KEYS;
    int ret = put_record(db, txn, key_number, n, mix(n, 2) % 4 == 0 ? GROWN : 1 + mix(n, 3) % 3000);
    DBT key = key_of(&text, key_number);
    DBT value = value_of(n + 1, 100);

    value.flags = DB_DBT_PARTIAL;
    value.doff = (uint32_t)(mix(n, 4) % 2000);
    value.dlen = (uint32_t)(mix(n, 5) % 300);
    return ret != 0 ? ret : db->put(db, txn, &key, &value, 0);
}

static const struct kind growing = {
    .name = "values-growing",
    .shows = "values that grow and shrink, from bytes to overflow pages, also in part (`DB_DBT_PARTIAL`)",
    .open = open_values,
    .step = growing_step,
};

/* Readers of a snapshot, which keep old versions of pages alive. */
struct readers {
    struct world *world;
    long nanos; /* between two pages' worth of records: the writer goes on meanwhile */
    atomic_bool stop;
    pthread_t thread;
};

static struct readers readers = {.nanos = 2000000};

static void *read_snapshots(void *argument)
{
    struct readers *own = argument;
    DB *db = own->world->own;

    while (!atomic_load(&own->stop)) {
        struct timespec pause = {0, 30000000};
        DB_TXN *txn;
        DBT key;
        DBT value;
        DBC *cursor;
        int ret;

        memset(&key, 0, sizeof(key));
        memset(&value, 0, sizeof(value));
        key.flags = DB_DBT_REALLOC;
        value.flags = DB_DBT_REALLOC;
        must(own->world->env->txn_begin(own->world->env, NULL, &txn, DB_TXN_SNAPSHOT), "txn_begin");
        must(db->cursor(db, txn, &cursor, 0), "cursor");
        ret = 0;
        for (int i = 1; ret == 0; i++) {
            ret = cursor->get(cursor, &key, &value, DB_NEXT);
            if (i % 4 == 0 && !atomic_load(&own->stop))
                nanosleep(&(struct timespec){0, own->nanos}, NULL);
        }
        must(cursor->close(cursor), "closing a cursor");
        must(txn->commit(txn, 0), "commit");
        free(key.data);
        free(value.data);
        if (ret != DB_NOTFOUND && !is_deadlock(ret))
            library_error(ret, "reading a snapshot");
        nanosleep(&pause, NULL);
    }
    return NULL;
}

static void open_versions(struct world *world)
{
    struct making making = {.type = DB_BTREE, .page_size = 1024};

    if (world->purpose == TO_WORK)
        making.open_flags = DB_MULTIVERSION;
    world->own = world_database(world, "records.db", NULL, &making);
}

static int versions_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    if (world->purpose == TO_WORK && readers.world == NULL) {
        readers.world = world;
        must(pthread_create(&readers.thread, NULL, read_snapshots, &readers), "pthread_create");
    }
    return usual_step(world->own, txn, n, 400, 120);
}

/* What is read is much more than the cache: versions that are still wanted go to files. */
static void set_small_cache(DB_ENV *env, enum purpose purpose)
{
    if (purpose == TO_WORK)
        must(env->set_cachesize(env, 0, SMALL_CACHE, 1), "set_cachesize");
}

static int frozen_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    int ret;

    readers.nanos = 15000000;
    ret = versions_step(world, txn, n);
    return ret != 0 ? ret : put_record(world->own, txn, mix(n, 7) % 400, n, FROZEN);
}

static void stop_readers(struct world *world)
{
    (void)world;
    atomic_store(&readers.stop, true);
    if (readers.world != NULL)
        pthread_join(readers.thread, NULL);
}

static const struct kind versions = {
    .name = "mvcc",
    .shows = "versions of pages (`DB_MULTIVERSION`) and readers of snapshots beside the writer",
    .open = open_versions,
    .step = versions_step,
    .finish = stop_readers,
};

static const struct kind frozen = {
    .name = "mvcc-frozen",
    .shows = "the same in a small cache: libdb keeps versions in files (`__db.freezer.*`)",
    .configure = set_small_cache,
    .open = open_versions,
    .step = frozen_step,
    .finish = stop_readers,
};

const struct kind *const value_kinds[] = {&big, &growing, &versions, &frozen, NULL};
