#include <stdio.h>
#include <string.h>

#include "kinds.h"

enum { KEYS = 400, VALUE = 120, SMALL = 32 << 10, BUFFER = 8 << 10, MANY = 300, MANY_RECORD = 7000, HIGH = 2147480000 };

static void open_records(struct world *world)
{
    struct making making = {.type = DB_BTREE};

    world->own = world_database(world, "records.db", NULL, &making);
}

static int records_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    return usual_step(world->own, txn, n, KEYS, VALUE);
}

static void set_small(DB_ENV *env, enum purpose purpose)
{
    if (purpose == TO_WORK)
        must(env->set_lg_bsize(env, BUFFER), "set_lg_bsize");
}

static const struct kind small = {
    .name = "log-32k",
    .shows = "log files of 32 KiB",
    .log_size = SMALL,
    .configure = set_small,
    .open = open_records,
    .step = records_step,
};

static const struct kind big = {
    .name = "log-1g",
    .shows = "log files of 1 GiB: all there is is in the first",
    .log_size = 1 << 30,
    .open = open_records,
    .step = records_step,
};

/* Records of the application's own, until there are so many files. */
static void fill(struct world *world)
{
    static char bytes[MANY_RECORD];
    DB_LSN lsn = {0, 0};
    DBT record;

    memset(&record, 0, sizeof(record));
    record.data = bytes;
    record.size = sizeof(bytes);
    while (lsn.file < MANY)
        must(world->env->log_put(world->env, &lsn, &record, 0), "log_put");
}

static const struct kind many = {
    .name = "log-files-300",
    .shows = "300 log files of 32 KiB, none ever removed",
    .log_size = SMALL,
    .configure = set_small,
    .opened = fill,
    .open = open_records,
    .step = records_step,
};

/* An empty environment's only log file is given a high number before anything is in it. */
static void renumber(DB_ENV *env, const char *home)
{
    char from[1024];
    char to[1024];
    DB_LSN lsn;
    DBT record;
    DB_ENV *first;

    (void)env;
    snprintf(from, sizeof(from), "%s/log.%010d", home, 1);
    snprintf(to, sizeof(to), "%s/log.%010d", home, HIGH);
    if (world_has_log(home))
        return;
    must(db_env_create(&first, 0), "db_env_create");
    must(first->open(first, home, DB_CREATE | DB_INIT_LOG | DB_PRIVATE, 0), "opening the environment");
    memset(&record, 0, sizeof(record));
    record.data = from;
    record.size = 1;
    must(first->log_put(first, &lsn, &record, DB_FLUSH), "log_put");
    must(first->close(first, 0), "closing the environment");
    if (rename(from, to) != 0)
        usage("cannot rename", from);
}

static const struct kind high = {
    .name = "log-numbers-high",
    .shows = "log files numbered from 2,147,480,000 on, near the last number that libdb can write",
    .log_size = SMALL,
    .configure = set_small,
    .place = renumber,
    .open = open_records,
    .step = records_step,
};

const struct kind *const log_kinds[] = {&small, &big, &many, &high, NULL};
