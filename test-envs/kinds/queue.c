#include <stdlib.h>
#include <string.h>

#include "kinds.h"

enum { RECORD = 200, EXTENT_PAGES = 2 };

static void open_queue(struct world *world, uint32_t extent)
{
    struct making making = {.type = DB_QUEUE,
                            .record_size = RECORD,
                            .page_size = 1024,
                            .extent = extent,
                            .likeness = ALIKE_VALUES};

    world->own = world_database(world, "records.db", NULL, &making);
}

static void open_whole(struct world *world)
{
    open_queue(world, 0);
}

static void open_extents(struct world *world)
{
    open_queue(world, EXTENT_PAGES);
}

/* Puts three, and takes off the head what is beyond a few dozen: steps 1, 2, 3, 0, 1, ... of them. */
static int queue_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    DB *db = world->own;
    uint64_t taken = n % 4 == 0 ? 12 : 0;
    int ret = 0;

    for (uint64_t i = 0; ret == 0 && i < 3; i++) {
        db_recno_t number = 0;
        DBT key = number_of(&number);
        DBT value = value_of(n * 3 + i, RECORD - 8);

        ret = db->put(db, txn, &key, &value, DB_APPEND);
    }
    if (n < 20)
        return ret;
    for (uint64_t i = 0; ret == 0 && i < taken; i++) {
        db_recno_t number = 0;
        DBT key = number_of(&number);
        DBT value;

        memset(&value, 0, sizeof(value));
        value.flags = DB_DBT_MALLOC;
        ret = db->get(db, txn, &key, &value, DB_CONSUME);
        free(value.data);
    }
    return ret;
}

static const struct kind whole = {
    .name = "queue-consume",
    .shows = "a queue in one file, filled and emptied (`DB_CONSUME`)",
    .open = open_whole,
    .step = queue_step,
};

static const struct kind extents = {
    .name = "queue-extents-consume",
    .shows = "a queue whose extents come and go as it is filled and emptied",
    .open = open_extents,
    .step = queue_step,
};

const struct kind *const queue_kinds[] = {&whole, &extents, NULL};
