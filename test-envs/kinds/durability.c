#include <errno.h>

#include "kinds.h"

enum { KEYS = 400, VALUE = 120 };

/* The durable one, and one beside it that the check knows nothing of. */
struct pair {
    DB *durable;
    DB *other;
};

static struct pair pairs[2];

static void set_not_durable(DB *db)
{
    must(db->set_flags(db, DB_TXN_NOT_DURABLE), "DB_TXN_NOT_DURABLE");
}

static void open_pair(struct world *world, const char *file, const char *name)
{
    struct making durable = {.type = DB_BTREE, .page_size = 1024};
    struct making other = {.type = DB_BTREE, .page_size = 1024, .setup = set_not_durable, .likeness = APART};
    struct pair *pair = &pairs[world->purpose == TO_REPLAY];

    pair->durable = world_database(world, "records.db", NULL, &durable);
    if (world->purpose == TO_WORK)
        pair->other = world_database(world, file, name, &other);
    world->own = pair;
}

/* As libdb's manual has it: nothing is promised of its contents after a failure, so it is made anew. */
static void remove_cache(struct world *world)
{
    int ret = world->env->dbremove(world->env, NULL, "cache.db", NULL, DB_AUTO_COMMIT);

    if (ret != 0 && ret != ENOENT)
        library_error(ret, "cache.db");
}

static void open_cache(struct world *world)
{
    open_pair(world, "cache.db", NULL);
}

static void open_memory(struct world *world)
{
    open_pair(world, NULL, "memory");
}

static int pair_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    struct pair *pair = world->own;
    int ret = usual_step(pair->durable, txn, n, KEYS, VALUE);

    if (ret == 0 && world->purpose == TO_WORK)
        ret = usual_step(pair->other, txn, n, KEYS, VALUE);
    return ret;
}

static const struct kind not_durable = {
    .name = "not-durable",
    .shows = "a database that is not logged (`DB_TXN_NOT_DURABLE`) beside one that is; only the latter follows",
    .opened = remove_cache,
    .open = open_cache,
    .step = pair_step,
};

static const struct kind in_memory = {
    .name = "in-memory-database",
    .shows = "a named database in memory beside one in a file; only the latter follows",
    .open = open_memory,
    .step = pair_step,
};

const struct kind *const durability_kinds[] = {&not_durable, &in_memory, NULL};
