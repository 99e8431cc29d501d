#include <stdio.h>
#include <string.h>

#include "kinds.h"

/* In so many steps one is made, renamed, written to under its new name, and an older one removed. */
enum { EVERY = 10, RENAMED = 3, WRITTEN = 5, REMOVED = 7, KEPT = 4, RECORDS = 5, MORE = 2 };
enum { KEYS = 300, VALUE = 200, NAME = 64, PARTS = 3, IN_A_DAY = 10 };

/* One of those that come and go: the number-th. */
struct one {
    char file[NAME];
    char renamed[NAME];
    char part[NAME];
    char renamed_part[NAME];
    struct made before;
    struct made after;
};

typedef void naming(struct one *one, uint64_t number);

static void set(struct one *one, const struct making *making, uint64_t number, bool parts)
{
    one->before = (struct made){.file = one->file, .making = making, .n = number * EVERY};
    one->after = (struct made){.file = one->renamed, .making = making, .n = number * EVERY};
    if (parts) {
        one->before.subdatabase = one->part;
        one->after.subdatabase = one->renamed_part;
    }
}

static void name_files(struct one *one, uint64_t number)
{
    snprintf(one->file, NAME, "new-%06llu.db", (unsigned long long)number);
    snprintf(one->renamed, NAME, "kept-%06llu.db", (unsigned long long)number);
}

static int rename_one(struct world *world, DB_TXN *txn, const struct one *one)
{
    const struct made *before = &one->before;
    const char *renamed = before->subdatabase != NULL ? one->renamed_part : one->renamed;

    return world->env->dbrename(world->env, txn, before->file, before->subdatabase, renamed, 0);
}

static int step(struct world *world, DB_TXN *txn, uint64_t n, naming *name)
{
    uint64_t number = n / EVERY;
    struct one one;

    if (number == 0 || (n % EVERY == REMOVED && number <= KEPT))
        return usual_step(world->own, txn, n, KEYS, VALUE);
    name(&one, n % EVERY == REMOVED ? number - KEPT : number);
    switch (n % EVERY) {
    case 0:
        return fill_made(world, txn, &one.before, 0, RECORDS);
    case RENAMED:
        return rename_one(world, txn, &one);
    case WRITTEN:
        return fill_made(world, txn, &one.after, RECORDS, MORE);
    case REMOVED:
        return world->env->dbremove(world->env, txn, one.after.file, one.after.subdatabase, 0);
    default:
        return usual_step(world->own, txn, n, KEYS, VALUE);
    }
}

static void check(struct world *world, uint64_t n, naming *name)
{
    for (uint64_t number = 1; number * EVERY <= n; number++) {
        uint64_t made = number * EVERY;
        bool renamed = n >= made + RENAMED;
        bool removed = n >= made + KEPT * EVERY + REMOVED;
        uint64_t count = n >= made + WRITTEN ? RECORDS + MORE : RECORDS;
        struct one one;

        name(&one, number);
        check_made(world, &one.before, renamed ? 0 : count);
        check_made(world, &one.after, renamed && !removed ? count : 0);
    }
    check_by_replay(world, n);
}

static void open_records(struct world *world)
{
    struct making making = {.type = DB_BTREE, .page_size = 1024};

    world->own = world_database(world, "records.db", NULL, &making);
}

static uint32_t by_last_digit(DB *db, DBT *key)
{
    const unsigned char *bytes = key->data;

    (void)db;
    return bytes[key->size - 1] % PARTS;
}

static void set_partitions(DB *db)
{
    must(db->set_partition(db, PARTS, NULL, by_last_digit), "set_partition");
}

static void name_partitioned(struct one *one, uint64_t number)
{
    static const struct making making[] = {{.type = DB_BTREE, .setup = set_partitions},
                                           {.type = DB_HASH, .setup = set_partitions}};

    name_files(one, number);
    set(one, &making[number % 2], number, false);
}

static int partitioned_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    return step(world, txn, n, name_partitioned);
}

static void check_partitioned(struct world *world, uint64_t n)
{
    check(world, n, name_partitioned);
}

static const struct kind partitioned = {
    .name = "partition-renamed",
    .shows = "databases with partitions are made, renamed and removed",
    .open = open_records,
    .step = partitioned_step,
    .check = check_partitioned,
};

static void name_types(struct one *one, uint64_t number)
{
    static const struct making making[] = {{.type = DB_HASH},
                                           {.type = DB_RECNO},
                                           {.type = DB_QUEUE, .record_size = 200},
                                           {.type = DB_HEAP},
                                           {.type = DB_BTREE, .page_size = 512}};

    name_files(one, number);
    set(one, &making[number % 5], number, false);
}

static int types_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    return step(world, txn, n, name_types);
}

static void check_types(struct world *world, uint64_t n)
{
    check(world, n, name_types);
}

static const struct kind types = {
    .name = "types-renamed",
    .shows = "databases of every access method are made, renamed and removed",
    .open = open_records,
    .step = types_step,
    .check = check_types,
};

static void name_parts(struct one *one, uint64_t number)
{
    static const struct making making[] = {{.type = DB_BTREE}, {.type = DB_HASH}};

    snprintf(one->file, NAME, "parts.db");
    snprintf(one->renamed, NAME, "parts.db");
    snprintf(one->part, NAME, "new-%06llu", (unsigned long long)number);
    snprintf(one->renamed_part, NAME, "kept-%06llu", (unsigned long long)number);
    set(one, &making[number % 2], number, true);
}

static int parts_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    return step(world, txn, n, name_parts);
}

static void check_parts(struct world *world, uint64_t n)
{
    check(world, n, name_parts);
}

static const struct kind parts = {
    .name = "subdatabases-renamed",
    .shows = "databases within one file are made, renamed and removed",
    .open = open_records,
    .step = parts_step,
    .check = check_parts,
};

static void set_intermediate(DB_ENV *env, enum purpose purpose)
{
    (void)purpose;
    must(env->set_intermediate_dir_mode(env, "rwxr-xr-x"), "set_intermediate_dir_mode");
}

static void name_days(struct one *one, uint64_t number)
{
    static const struct making making = {.type = DB_BTREE};

    unsigned long long day = number / IN_A_DAY;

    snprintf(one->file, NAME, "days/%06llu/all/new-%06llu.db", day, (unsigned long long)number);
    snprintf(one->renamed, NAME, "days/%06llu/all/kept-%06llu.db", day, (unsigned long long)number);
    set(one, &making, number, false);
}

static int days_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    return step(world, txn, n, name_days);
}

static void check_days(struct world *world, uint64_t n)
{
    check(world, n, name_days);
}

static const struct kind days = {
    .name = "intermediate-directories",
    .shows = "directories that libdb makes for new databases (`set_intermediate_dir_mode`)",
    .configure = set_intermediate,
    .open = open_records,
    .step = days_step,
    .check = check_days,
};

const struct kind *const renamed_kinds[] = {&partitioned, &types, &parts, &days, NULL};
