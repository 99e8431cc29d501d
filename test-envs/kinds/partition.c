#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "kinds.h"

enum { PARTS = 4, KEYS = 400, VALUE = 120 };

/* Each part has a hundred of the keys. */
static void set_by_keys(DB *db)
{
    static struct text texts[PARTS - 1];
    static DBT keys[PARTS - 1]; /* libdb keeps no copy */

    for (uint64_t i = 0; i < PARTS - 1; i++)
        keys[i] = key_of(&texts[i], (i + 1) * KEYS / PARTS);
    must(db->set_partition(db, PARTS, keys, NULL), "set_partition");
}

static uint32_t by_last_digit(DB *db, DBT *key)
{
    const unsigned char *bytes = key->data;

    (void)db;
    return bytes[key->size - 1] % PARTS;
}

static void set_by_callback(DB *db)
{
    must(db->set_partition(db, PARTS, NULL, by_last_digit), "set_partition");
}

static void open_by_keys(struct world *world)
{
    struct making making = {.type = DB_BTREE, .page_size = 1024, .setup = set_by_keys};

    world->own = world_database(world, "records.db", NULL, &making);
}

static void open_by_callback(struct world *world)
{
    struct making making = {
        .type = DB_HASH, .page_size = 1024, .setup = set_by_callback, .likeness = ALIKE_UNSORTED};

    world->own = world_database(world, "records.db", NULL, &making);
}

static int partition_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    return usual_step(world->own, txn, n, KEYS, VALUE);
}

static const struct kind by_keys = {
    .name = "partition-keys",
    .shows = "a B-tree in four files, parted by keys (`set_partition`)",
    .open = open_by_keys,
    .step = partition_step,
};

static const struct kind by_callback = {
    .name = "partition-callback",
    .shows = "a hash in four files, parted by a function of the application",
    .open = open_by_callback,
    .step = partition_step,
};

static const char *const directories[] = {"first", "second", NULL};

/* The application's own, and DB_CONFIG's for whoever else opens the home. */
static void make_directories(DB_ENV *env, const char *home)
{
    (void)env;
    for (size_t i = 0; directories[i] != NULL; i++) {
        char path[1024];

        snprintf(path, sizeof(path), "%s/%s", home, directories[i]);
        if (mkdir(path, 0777) != 0 && errno != EEXIST)
            usage("cannot make", path);
    }
}

static void set_apart(DB *db)
{
    set_by_keys(db);
    must(db->set_partition_dirs(db, (const char **)(uintptr_t)directories), "set_partition_dirs");
}

/* In the scratch environment there are no such directories. */
static void open_apart(struct world *world)
{
    struct making making = {
        .type = DB_BTREE, .page_size = 1024, .setup = world->purpose == TO_REPLAY ? set_by_keys : set_apart};

    world->own = world_database(world, "records.db", NULL, &making);
}

static const struct kind apart = {
    .name = "partition-directories",
    .shows = "partitions in several data directories (`set_partition_dirs`)",
    .config = "add_data_dir first\nadd_data_dir second\n",
    .place = make_directories,
    .open = open_apart,
    .step = partition_step,
};

const struct kind *const partition_kinds[] = {&by_keys, &by_callback, &apart, NULL};
