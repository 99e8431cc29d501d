#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "kinds.h"

enum { CACHE = 4 << 20, LOG_SIZE = 128 << 10, REPLAY_LOG_BUFFER = 32 << 20, MUTEXES = 20000 };

static const struct making steps_making = {.type = DB_BTREE};

static void on_error(const DB_ENV *env, const char *prefix, const char *message)
{
    (void)env;
    (void)prefix;
    fprintf(stderr, "bdb-kinds: %s\n", message);
}

static void configure(struct world *world)
{
    const struct kind *kind = world->kind;
    DB_ENV *env = world->env;

    env->set_errcall(env, on_error);
    must(env->set_cachesize(env, 0, CACHE, 1), "set_cachesize");
    must(env->mutex_set_increment(env, MUTEXES), "mutex_set_increment");
    if (world->purpose != TO_CHECK) {
        must(env->set_lk_detect(env, DB_LOCK_DEFAULT), "set_lk_detect");
        must(env->set_lk_max_locks(env, 20000), "set_lk_max_locks");
        must(env->set_lk_max_objects(env, 20000), "set_lk_max_objects");
        must(env->set_lk_max_lockers(env, 5000), "set_lk_max_lockers");
    }
    if (world->purpose == TO_WORK)
        must(env->set_lg_max(env, (uint32_t)(kind->log_size != 0 ? kind->log_size : LOG_SIZE)), "set_lg_max");
    if (world->purpose == TO_REPLAY) {
        must(env->log_set_config(env, DB_LOG_IN_MEMORY, 1), "log_set_config");
        must(env->set_lg_bsize(env, REPLAY_LOG_BUFFER), "set_lg_bsize");
    }
    if (kind->configure != NULL)
        kind->configure(env, world->purpose);
    if (kind->place != NULL && world->purpose == TO_WORK)
        kind->place(env, world->home);
}

static uint32_t env_flags(const struct world *world, bool recover)
{
    uint32_t transactional = DB_INIT_LOCK | DB_INIT_LOG | DB_INIT_TXN;
    uint32_t flags = DB_CREATE | DB_INIT_MPOOL | DB_THREAD;

    switch (world->purpose) {
    case TO_WORK:
        flags |= transactional | world->kind->env_flags;
        break;
    case TO_CHECK:
        flags |= DB_PRIVATE | (recover ? transactional : 0);
        break;
    case TO_REPLAY:
        flags |= DB_PRIVATE | transactional;
        break;
    }
    return flags | (recover ? DB_RECOVER : 0);
}

void world_open(struct world *world, const struct kind *kind, const char *home, enum purpose purpose, bool recover)
{
    memset(world, 0, sizeof(*world));
    world->kind = kind;
    world->home = home;
    world->purpose = purpose;
    must(db_env_create(&world->env, 0), "db_env_create");
    configure(world);
    must(world->env->open(world->env, home, env_flags(world, recover), 0), "opening the environment");
    if (purpose == TO_WORK && kind->opened != NULL)
        kind->opened(world);
    world_database(world, "steps.db", NULL, &steps_making);
    kind->open(world);
    world->resumed = steps_done(world);
}

void world_close(struct world *world)
{
    /* Secondaries come after their primary and go before it. */
    while (world->count != 0) {
        DB *db = world->database[--world->count].db;

        must(db->close(db, world->purpose == TO_WORK ? 0 : DB_NOSYNC), "closing a database");
    }
    must(world->env->close(world->env, 0), "closing the environment");
}

DB *world_handle(struct world *world)
{
    uint32_t encryption;
    DB *db;

    must(db_create(&db, world->env, 0), "db_create");
    must(world->env->get_encrypt_flags(world->env, &encryption), "get_encrypt_flags");
    if (encryption != 0)
        must(db->set_flags(db, DB_ENCRYPT), "set_flags");
    return db;
}

DB *world_configured(struct world *world, const struct making *making)
{
    DB *db = world_handle(world);

    if (making->flags != 0)
        must(db->set_flags(db, making->flags), "set_flags");
    if (making->record_size != 0)
        must(db->set_re_len(db, making->record_size), "set_re_len");
    if (making->extent != 0)
        must(db->set_q_extentsize(db, making->extent), "set_q_extentsize");
    if (making->page_size != 0)
        must(db->set_pagesize(db, making->page_size), "set_pagesize");
    if (making->setup != NULL)
        making->setup(db);
    return db;
}

DB *world_database(struct world *world, const char *file, const char *subdatabase, const struct making *making)
{
    struct database *database = &world->database[world->count];
    uint32_t flags = DB_THREAD | making->open_flags;
    DB *db;

    if (world->count == MAX_DATABASES)
        usage("too many databases", file);
    db = world_configured(world, making);
    flags |= world->purpose == TO_CHECK ? DB_RDONLY : DB_CREATE | DB_AUTO_COMMIT;
    must(db->open(db, NULL, file, subdatabase, making->type, flags, 0), subdatabase != NULL ? subdatabase : file);
    database->db = db;
    database->likeness = making->likeness;
    snprintf(database->name, sizeof(database->name), "%s", subdatabase != NULL ? subdatabase : file);
    world->count++;
    return db;
}

bool world_has_log(const char *home)
{
    struct dirent *entry;
    DIR *directory = opendir(home);
    bool found = false;

    if (directory == NULL)
        library_error(errno, home);
    while ((entry = readdir(directory)) != NULL)
        found = found || strncmp(entry->d_name, "log.", 4) == 0;
    closedir(directory);
    return found;
}

DB *world_find(const struct world *world, const char *name)
{
    for (size_t i = 0; i < world->count; i++)
        if (strcmp(world->database[i].name, name) == 0)
            return world->database[i].db;
    usage("no such database", name);
}

uint64_t steps_done(struct world *world)
{
    DB *db = world_find(world, "steps.db");
    struct text text;
    DBT key = key_of(&text, 0);
    uint64_t n = 0;
    DBT value;
    int ret;

    memset(&value, 0, sizeof(value));
    value.data = &n;
    value.ulen = sizeof(n);
    value.flags = DB_DBT_USERMEM;
    ret = db->get(db, NULL, &key, &value, 0);
    if (ret != 0 && ret != DB_NOTFOUND)
        library_error(ret, "steps.db");
    return ret == 0 ? n : 0;
}
