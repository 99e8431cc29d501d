#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "kinds.h"

static volatile sig_atomic_t asked_to_stop;

struct checkpointer {
    DB_ENV *env;
    uint64_t millis;
    atomic_bool stop;
    pthread_t thread;
};

static void on_signal(int number)
{
    (void)number;
    asked_to_stop = 1;
}

static uint64_t now_micros(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void pause_micros(uint64_t micros)
{
    struct timespec pause = {(time_t)(micros / 1000000), (long)(micros % 1000000) * 1000};

    nanosleep(&pause, NULL);
}

static void put_number(struct world *world, DB_TXN *txn, uint64_t n, int *ret)
{
    DB *db = world_find(world, "steps.db");
    struct text text;
    DBT key = key_of(&text, 0);
    DBT value;

    memset(&value, 0, sizeof(value));
    value.data = &n;
    value.size = sizeof(n);
    if (*ret == 0)
        *ret = db->put(db, txn, &key, &value, 0);
}

/* The number that steps.db has, and nobody else may change until this transaction ends. */
static int take_number(struct world *world, DB_TXN *txn, uint64_t *n)
{
    DB *db = world_find(world, "steps.db");
    struct text text;
    DBT key = key_of(&text, 0);
    DBT value;

    memset(&value, 0, sizeof(value));
    value.data = n;
    value.ulen = sizeof(*n);
    value.flags = DB_DBT_USERMEM;
    return db->get(db, txn, &key, &value, DB_RMW);
}

/* The step of this number, or if that is 0 the next one; returns its number. */
static uint64_t make_numbered(struct world *world, uint64_t number, uint32_t commit_flags)
{
    for (;;) {
        uint64_t n = number;
        DB_TXN *txn;
        int ret = 0;

        must(world->env->txn_begin(world->env, NULL, &txn, 0), "txn_begin");
        if (n == 0) {
            ret = take_number(world, txn, &n);
            n++;
        }
        if (ret == 0)
            ret = world->kind->step(world, txn, n);
        put_number(world, txn, n, &ret);
        if (ret == 0) {
            must(txn->commit(txn, commit_flags), "commit");
            return n;
        }
        if (!is_deadlock(ret))
            library_error(ret, "step");
        must(txn->abort(txn), "abort");
    }
}

void make_step(struct world *world, uint64_t n, uint32_t commit_flags)
{
    make_numbered(world, n, commit_flags);
}

static void write_config(const char *home, const char *lines)
{
    char path[1024];
    FILE *file;

    snprintf(path, sizeof(path), "%s/DB_CONFIG", home);
    file = fopen(path, "w");
    if (file == NULL || fputs(lines, file) < 0 || fclose(file) != 0)
        library_error(errno, path);
}

int init_home(const struct kind *kind, const char *home, uint64_t steps)
{
    static struct world world;

    if (mkdir(home, 0777) != 0 && errno != EEXIST)
        library_error(errno, home);
    if (kind->config != NULL)
        write_config(home, kind->config);
    world_open(&world, kind, home, TO_WORK, false);
    for (uint64_t n = 1; n <= steps; n++)
        make_step(&world, n, DB_TXN_NOSYNC);
    if (kind->finish != NULL)
        kind->finish(&world);
    must(world.env->txn_checkpoint(world.env, 0, 0, DB_FORCE), "checkpoint");
    printf("{\"ok\":true,\"n\":%llu,\"databases\":%zu}\n", (unsigned long long)steps, world.count);
    world_close(&world);
    return 0;
}

int remove_home(const struct kind *kind, const char *home)
{
    DB_ENV *env;

    must(db_env_create(&env, 0), "db_env_create");
    must(env->remove(env, home, DB_FORCE), "removing the environment");
    if (kind->remove != NULL)
        kind->remove(home);
    printf("{\"ok\":true}\n");
    return 0;
}

static void *checkpoint_run(void *argument)
{
    struct checkpointer *checkpointer = argument;

    while (!atomic_load(&checkpointer->stop)) {
        pause_micros(checkpointer->millis * 1000);
        must(checkpointer->env->txn_checkpoint(checkpointer->env, 0, 0, 0), "checkpoint");
    }
    return NULL;
}

static void catch_signals(void)
{
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_handler = on_signal;
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void acknowledge(int fd, uint64_t n)
{
    /* As bdb-writer's: thread, number, time. */
    uint64_t ack[3] = {0, n, now_micros(CLOCK_REALTIME)};

    if (fd >= 0 && write(fd, ack, sizeof(ack)) != (ssize_t)sizeof(ack))
        library_error(errno, "acknowledging");
}

static uint64_t work(struct world *world, const struct run_options *options, int ack, bool first)
{
    bool alone = world->kind->processes <= 1;
    uint32_t commit_flags = options->write_nosync ? DB_TXN_WRITE_NOSYNC : DB_TXN_SYNC;
    uint64_t begin = now_micros(CLOCK_MONOTONIC);
    uint64_t made = 0;

    while (!asked_to_stop && (options->steps == 0 || made < options->steps)) {
        uint64_t due = options->rate != 0 ? begin + made * 1000000 / options->rate : 0;
        uint64_t now = now_micros(CLOCK_MONOTONIC);

        if (now < due) {
            pause_micros(due - now);
            continue;
        }
        made++;
        acknowledge(ack, make_numbered(world, alone ? world->resumed + made : 0, commit_flags));
        if (made == 1 && first) {
            printf("ready\n");
            fflush(stdout);
        }
    }
    return made;
}

int run_home(const struct kind *kind, const char *home, const struct run_options *options)
{
    static struct world world;
    struct run_options own = *options;
    struct checkpointer checkpointer = {.millis = options->checkpoint_ms};
    struct crew crew;
    int ack = -1;
    uint64_t made;
    bool first;

    catch_signals();
    if (options->ack != NULL) {
        ack = open(options->ack, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
        if (ack < 0)
            library_error(errno, options->ack);
    }
    first = begin_others(&crew, kind);
    if (kind->processes > 1)
        own.rate /= (uint64_t)kind->processes;
    if (kind->mortal && !first) /* who dies in libdb, in another thread, takes all with it */
        own.checkpoint_ms = 0;
    world_open(&world, kind, home, TO_WORK, first && options->recover);
    let_in(&crew);
    watch_others(&crew, kind, world.env);
    checkpointer.env = world.env;
    if (own.checkpoint_ms != 0)
        must(pthread_create(&checkpointer.thread, NULL, checkpoint_run, &checkpointer), "pthread_create");
    made = work(&world, &own, ack, first);
    atomic_store(&checkpointer.stop, true);
    if (own.checkpoint_ms != 0)
        pthread_join(checkpointer.thread, NULL);
    end_others(&crew);
    if (kind->finish != NULL)
        kind->finish(&world);
    if (first)
        printf("{\"ok\":true,\"n\":%llu,\"steps\":%llu}\n", (unsigned long long)steps_done(&world),
               (unsigned long long)made);
    fflush(stdout);
    world_close(&world);
    if (ack >= 0)
        close(ack);
    return 0;
}
