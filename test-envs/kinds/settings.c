#include "kinds.h"

enum { KEYS = 400, VALUE = 120 };

static void open_records(struct world *world)
{
    struct making making = {.type = DB_BTREE};

    world->own = world_database(world, "records.db", NULL, &making);
}

static int records_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    return usual_step(world->own, txn, n, KEYS, VALUE);
}

/* In DB_CONFIG, which goes to the standby and applies there too. */
#define SETTING(variable, kind_name, line, what)                                                                       \
    static const struct kind variable = {                                                                              \
        .name = kind_name, .shows = what " (`" line "` in DB_CONFIG)", .config = line "\n", .open = open_records,      \
        .step = records_step}

SETTING(log_dsync, "log-dsync", "log_set_config DB_LOG_DSYNC on", "a log that is opened with `O_DSYNC`");
SETTING(log_zero, "log-zero", "log_set_config DB_LOG_ZERO on", "log files filled with zeros when they are made");
SETTING(dsync_db, "dsync-db", "set_flags DB_DSYNC_DB on", "databases that are opened with `O_DSYNC`");
SETTING(no_mmap, "nommap", "set_flags DB_NOMMAP on", "no file mapped into memory");

const struct kind *const setting_kinds[] = {&log_dsync, &log_zero, &dsync_db, &no_mmap, NULL};
