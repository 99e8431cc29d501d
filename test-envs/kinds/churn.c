#include <stdio.h>
#include <string.h>

#include "kinds.h"

enum { KEPT = 4, RECORDS = 5, EVERY = 10, VALUE = 200, KEYS = 300 };

static void name_of(char *name, size_t size, const char *stem, uint64_t number)
{
    snprintf(name, size, "%s-%06llu.db", stem, (unsigned long long)number);
}

static int make(struct world *world, DB_TXN *txn, const char *name, uint64_t n)
{
    DB *db;
    int closed;
    int ret;

    must(db_create(&db, world->env, 0), "db_create");
    ret = db->open(db, txn, name, NULL, DB_BTREE, DB_CREATE | DB_THREAD, 0);
    for (uint64_t i = 0; ret == 0 && i < RECORDS; i++)
        ret = put_record(db, txn, i, n + i, VALUE);
    closed = db->close(db, 0);
    return ret != 0 ? ret : closed;
}

/* Every few steps one is made, and the oldest goes. */
static int come_and_go(struct world *world, DB_TXN *txn, uint64_t n)
{
    uint64_t number = n / EVERY;
    char name[64];
    int ret;

    if (n % EVERY != 0)
        return usual_step(world->own, txn, n, KEYS, VALUE);
    name_of(name, sizeof(name), "made", number);
    ret = make(world, txn, name, n);
    if (ret == 0 && number > KEPT) {
        name_of(name, sizeof(name), "made", number - KEPT);
        ret = world->env->dbremove(world->env, txn, name, NULL, 0);
    }
    return ret;
}

static void open_records(struct world *world)
{
    struct making making = {.type = DB_BTREE, .page_size = 1024};

    world->own = world_database(world, "records.db", NULL, &making);
}

static void check_made(struct world *world, const char *name, bool wanted, uint64_t n)
{
    struct database found = {.likeness = ALIKE};
    struct records keys = {0};
    struct records values = {0};
    int ret;

    snprintf(found.name, sizeof(found.name), "%s", name);
    must(db_create(&found.db, world->env, 0), "db_create");
    /* That it is not there is nothing to report on. */
    found.db->set_errcall(found.db, NULL);
    ret = found.db->open(found.db, NULL, name, NULL, DB_BTREE, DB_RDONLY, 0);
    if ((ret == 0) != wanted)
        fail(world, "%s: %s", name, wanted ? db_strerror(ret) : "is there");
    if (ret == 0 && wanted) {
        records_read(&found, &keys, &values);
        if (values.count != RECORDS)
            fail(world, "%s: %zu records", name, values.count);
        for (uint64_t i = 0; i < RECORDS && i < values.count; i++) {
            DBT value = value_of(n + i, VALUE);

            if (values.item[i].size != value.size || memcmp(values.item[i].data, value.data, value.size) != 0)
                fail(world, "%s: record %llu is another", name, (unsigned long long)i);
        }
        records_release(&keys);
        records_release(&values);
    }
    must(found.db->close(found.db, DB_NOSYNC), "closing a database");
}

static void check_come_and_gone(struct world *world, uint64_t n)
{
    uint64_t last = n / EVERY;
    uint64_t first = last > KEPT ? last - KEPT + 1 : 1;

    for (uint64_t number = 1; number <= last; number++) {
        char name[64];

        name_of(name, sizeof(name), "made", number);
        check_made(world, name, number >= first, number * EVERY);
    }
    check_by_replay(world, n);
}

static const struct kind create_remove = {
    .name = "create-remove",
    .shows = "databases are made and removed all the time",
    .open = open_records,
    .step = come_and_go,
    .check = check_come_and_gone,
};

/* Compacts and truncates what fills up again. */
static int shrink(struct world *world, DB_TXN *txn, uint64_t n)
{
    DB *db = world->own;
    DB_COMPACT compact;
    uint32_t count;

    if (n % 100 == 0)
        return db->truncate(db, txn, &count, 0);
    if (n % 15 == 0) {
        memset(&compact, 0, sizeof(compact));
        compact.compact_fillpercent = 80;
        return db->compact(db, txn, NULL, NULL, &compact, DB_FREE_SPACE, NULL);
    }
    if (n % 15 > 10)
        return delete_record(db, txn, mix(n, 1) % KEYS);
    return usual_step(db, txn, n, KEYS, VALUE);
}

static const struct kind shrinking = {
    .name = "truncate-compact",
    .shows = "a database is compacted and truncated, its file shrinks and grows",
    .open = open_records,
    .step = shrink,
};

const struct kind *const churn_kinds[] = {&create_remove, &shrinking, NULL};
