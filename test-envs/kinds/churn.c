#include <stdio.h>
#include <string.h>

#include "kinds.h"

enum { KEPT = 4, RECORDS = 5, EVERY = 10, VALUE = 200, KEYS = 300 };

static void name_of(char *name, size_t size, const char *stem, uint64_t number)
{
    snprintf(name, size, "%s-%06llu.db", stem, (unsigned long long)number);
}

static const struct making btree = {.type = DB_BTREE};

/* Every few steps one is made, and the oldest goes. */
static int come_and_go(struct world *world, DB_TXN *txn, uint64_t n)
{
    uint64_t number = n / EVERY;
    char name[64];
    int ret;

    if (n % EVERY != 0)
        return usual_step(world->own, txn, n, KEYS, VALUE);
    name_of(name, sizeof(name), "made", number);
    ret = fill_made(world, txn, &(struct made){.file = name, .making = &btree, .n = n}, 0, RECORDS);
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

static void check_come_and_gone(struct world *world, uint64_t n)
{
    uint64_t last = n / EVERY;
    uint64_t first = last > KEPT ? last - KEPT + 1 : 1;

    for (uint64_t number = 1; number <= last; number++) {
        char name[64];

        name_of(name, sizeof(name), "made", number);
        check_made(world, &(struct made){.file = name, .making = &btree, .n = number * EVERY},
                   number >= first ? RECORDS : 0);
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
