#include <stdio.h>

#include "kinds.h"

enum { MANY = 500, KEYS = 100, VALUE = 100 };

static void open_in_file(struct world *world, int count)
{
    struct making making[] = {{.type = DB_BTREE}, {.type = DB_HASH, .likeness = ALIKE_UNSORTED}};

    for (int i = 0; i < count; i++) {
        char name[32];

        snprintf(name, sizeof(name), "part%03d", i);
        world_database(world, "records.db", name, &making[i % 2]);
    }
}

static void open_one(struct world *world)
{
    open_in_file(world, 1);
}

static void open_many(struct world *world)
{
    open_in_file(world, MANY);
}

/* The first database is that of the steps. */
static int spread_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    size_t parts = world->count - 1;
    int ret = 0;

    for (uint64_t i = 0; ret == 0 && i < 3; i++)
        ret = usual_step(world->database[1 + mix(n, 10 + i) % parts].db, txn, n + i * 1000003, KEYS, VALUE);
    return ret;
}

static const struct kind one = {
    .name = "subdatabases-1",
    .shows = "a database within a file",
    .open = open_one,
    .step = spread_step,
};

static const struct kind many = {
    .name = "subdatabases-500",
    .shows = "500 databases, B-trees and hashes, within one file",
    .open = open_many,
    .step = spread_step,
};

const struct kind *const subdatabase_kinds[] = {&one, &many, NULL};
