#include "kinds.h"

/* Small pages fill up, so that buckets split and long lists of duplicates move to pages of their own. */
static void open_with(struct world *world, uint32_t flags)
{
    struct making making = {.type = DB_HASH, .flags = flags, .page_size = 1024};

    world->own = world_database(world, "records.db", NULL, &making);
}

static void open_sorted(struct world *world)
{
    open_with(world, DB_DUPSORT);
}

static const struct kind sorted = {
    .name = "hash-dup-sorted",
    .shows = "a hash with sorted duplicates (`DB_DUPSORT`), in their bucket or on pages of their own",
    .open = open_sorted,
    .step = duplicates_step,
};

static void open_unsorted(struct world *world)
{
    open_with(world, DB_DUP);
}

static const struct kind unsorted = {
    .name = "hash-dup-unsorted",
    .shows = "a hash with duplicates in the order in which they came (`DB_DUP`)",
    .open = open_unsorted,
    .step = duplicates_step,
};

const struct kind *const hash_kinds[] = {&sorted, &unsorted, NULL};
