#include <signal.h>
#include <sys/shm.h>
#include <sys/stat.h>

#include "kinds.h"

enum { KEYS = 400, VALUE = 120, THREADS = 32, FAILCHK_EVERY = 20, SEGMENTS = 256 };

static void open_records(struct world *world)
{
    struct making making = {.type = DB_BTREE};

    world->own = world_database(world, "records.db", NULL, &making);
}

static int records_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    return usual_step(world->own, txn, n, KEYS, VALUE);
}

/* Two homes have different inodes, and so different segments. */
static long segment_key(const char *home)
{
    struct stat status;

    if (stat(home, &status) != 0)
        usage("no such directory", home);
    return (long)(0x40000000 + status.st_ino % 0x100000 * SEGMENTS);
}

static void set_segments(DB_ENV *env, const char *home)
{
    must(env->set_shm_key(env, segment_key(home)), "set_shm_key");
}

static void remove_segments(const char *home)
{
    for (int i = 0; i < SEGMENTS; i++) {
        int id = shmget((key_t)(segment_key(home) + i), 0, 0);

        if (id >= 0)
            must(shmctl(id, IPC_RMID, NULL), "shmctl");
    }
}

static const struct kind system_memory = {
    .name = "system-memory",
    .shows = "regions in System V shared memory (`DB_SYSTEM_MEM`)",
    .env_flags = DB_SYSTEM_MEM,
    .place = set_segments,
    .remove = remove_segments,
    .open = open_records,
    .step = records_step,
};

static int is_alive(DB_ENV *env, pid_t pid, db_threadid_t thread, uint32_t flags)
{
    (void)env;
    (void)thread;
    (void)flags;
    return kill(pid, 0) == 0;
}

void count_threads(DB_ENV *env, enum purpose purpose)
{
    if (purpose != TO_WORK)
        return;
    must(env->set_thread_count(env, THREADS), "set_thread_count");
    must(env->set_isalive(env, is_alive), "set_isalive");
}

static int watched_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    if (world->purpose == TO_WORK && n % FAILCHK_EVERY == 0)
        must(world->env->failchk(world->env, 0), "failchk");
    return records_step(world, txn, n);
}

static const struct kind registered = {
    .name = "register-failchk",
    .shows = "processes that register (`DB_REGISTER`) and look for dead ones (`failchk`)",
    .env_flags = DB_REGISTER | DB_RECOVER, /* which recovers when one has died, and only then */
    .configure = count_threads,
    .open = open_records,
    .step = watched_step,
};

const struct kind *const region_kinds[] = {&system_memory, &registered, NULL};
