#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "modes.h"
#include "worker.h"

enum { MAX_WORKERS = 65, DIE_COMMITS = 50, DIE_UPDATES = 200, GRACE_SECONDS = 10 };

static volatile sig_atomic_t asked_to_stop;

static void on_signal(int number)
{
    (void)number;
    asked_to_stop = 1;
}

static void pause_millis(long millis)
{
    struct timespec pause = {0, millis * 1000000};

    nanosleep(&pause, NULL);
}

int mode_init(const struct options *options)
{
    struct bank *bank = calloc(1, sizeof(*bank));
    DB_ENV *env;
    uint64_t accounts = 0;

    if (bank == NULL)
        usage("out of memory", NULL);
    environment_prepare(options);
    options_remember(options);
    env = environment_open(options, OPEN_APPLICATION);
    bank_create(bank, env, options);
    for (size_t i = 0; i < bank->count; i++)
        accounts += bank->table[i].accounts;
    if (bank->transactional)
        must(env->txn_checkpoint(env, 0, 0, DB_FORCE), "checkpoint");
    printf("{\"ok\":true,\"databases\":%zu,\"accounts\":%llu}\n", bank->count, (unsigned long long)accounts);
    bank_close(bank);
    environment_close(env);
    free(bank);
    return 0;
}

static void *checkpoint_run(void *argument)
{
    struct engine *engine = argument;

    while (!atomic_load(&engine->stop)) {
        int ret;

        sleep_millis(engine, engine->options->checkpoint_ms);
        ret = engine->env->txn_checkpoint(engine->env, 0, 0, 0);
        if (ret != 0) {
            engine_fail(engine, ret, "checkpoint");
            break;
        }
        atomic_fetch_add(&engine->checkpoints, 1);
    }
    return NULL;
}

static void start(pthread_t *handle, void *(*body)(void *), void *argument)
{
    int ret = pthread_create(handle, NULL, body, argument);

    if (ret != 0)
        library_error(ret, "pthread_create");
}

/* In a broken environment a thread may wait for ever for a lock of one that has given up. */
static void join(pthread_t handle, const struct engine *engine)
{
    int ret;

    do {
        struct timespec until;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += GRACE_SECONDS;
        ret = pthread_timedjoin_np(handle, NULL, &until);
    } while (ret == ETIMEDOUT && atomic_load(&engine->failure) == 0);
    if (ret == ETIMEDOUT)
        _exit(atomic_load(&engine->failure));
}

static void write_pid(const char *path)
{
    FILE *file = fopen(path, "w");

    if (file == NULL || fprintf(file, "%ld\n", (long)getpid()) < 0 || fclose(file) != 0)
        library_error(errno, path);
}

static void say_ready(void)
{
    printf("ready\n");
    fflush(stdout);
}

static void print_result(struct engine *engine, const struct worker *workers, size_t count, double seconds)
{
    uint64_t aborts = 0;
    uint64_t deadlocks = 0;

    for (size_t i = 0; i < count; i++) {
        aborts += workers[i].aborts;
        deadlocks += workers[i].deadlocks;
    }
    printf("{\"ok\":%s,\"seconds\":%.3f,\"commits\":%llu,\"commitsPerSecond\":%.1f,\"aborts\":%llu,"
           "\"deadlocks\":%llu,\"checkpoints\":%llu,\"churned\":%llu,\"threads\":[",
           atomic_load(&engine->failure) == 0 ? "true" : "false", seconds, atomic_load(&engine->commits),
           (double)atomic_load(&engine->commits) / seconds, (unsigned long long)aborts,
           (unsigned long long)deadlocks, atomic_load(&engine->checkpoints), atomic_load(&engine->churned));
    for (size_t i = 0; i < count; i++)
        printf("%s{\"thread\":%llu,\"commits\":%llu,\"last\":%llu}", i != 0 ? "," : "",
               (unsigned long long)workers[i].journal.thread, (unsigned long long)workers[i].commits,
               (unsigned long long)workers[i].journal.last);
    printf("]}\n");
    fflush(stdout);
}

/* Waits for the time, the number of commits, a signal or a failure, whichever is first. */
static void watch(struct engine *engine, size_t workers)
{
    const struct options *options = engine->options;
    uint64_t begin = now_micros();
    bool ready = workers == 0;

    if (ready)
        say_ready();
    while (!asked_to_stop && !atomic_load(&engine->stop)) {
        if (!ready && atomic_load(&engine->commits) != 0) {
            say_ready();
            ready = true;
        }
        if (options->seconds != 0 && now_micros() - begin >= options->seconds * 1000000)
            break;
        if (options->commits != 0 && atomic_load(&engine->tickets) >= options->commits) {
            if (!ready)
                say_ready();
            return; /* the other threads are stopped once the workers are through */
        }
        pause_millis(5);
    }
    atomic_store(&engine->stop, true);
}

static void hold(void)
{
    struct pollfd input = {STDIN_FILENO, POLLIN, 0};
    char bytes[256];

    while (!asked_to_stop)
        if (poll(&input, 1, 50) > 0 && read(STDIN_FILENO, bytes, sizeof(bytes)) <= 0)
            break;
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

static double work(struct engine *engine, struct worker *workers, size_t count)
{
    const struct options *options = engine->options;
    bool checkpoints = options->checkpoint_ms != 0 && engine->bank.transactional;
    pthread_t checkpointer;
    pthread_t churner;
    uint64_t begin = now_micros();
    size_t ordinary = options->long_ms != 0 ? count - 1 : count;

    for (size_t i = 0; i < count; i++)
        start(&workers[i].handle, workers[i].is_long ? worker_run_long : worker_run, &workers[i]);
    if (checkpoints)
        start(&checkpointer, checkpoint_run, engine);
    if (options->churn)
        start(&churner, churn_run, engine);
    watch(engine, count);
    for (size_t i = 0; i < ordinary; i++)
        join(workers[i].handle, engine);
    atomic_store(&engine->stop, true);
    if (ordinary != count)
        join(workers[ordinary].handle, engine);
    if (checkpoints)
        join(checkpointer, engine);
    if (options->churn)
        join(churner, engine);
    return (double)(now_micros() - begin) / 1e6;
}

static int open_to_append(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

    if (fd < 0)
        library_error(errno, path);
    return fd;
}

int mode_run(const struct options *options)
{
    static struct engine engine;
    static struct worker workers[MAX_WORKERS];
    DB_ENV *env;
    size_t count = (size_t)options->threads;
    double seconds;
    int failure;

    if (options->threads >= MAX_WORKERS)
        usage("too many threads", NULL);
    if (options->no_txn && options->threads > 1)
        count = 1; /* nothing else would keep two threads apart */
    catch_signals();
    if (options->pid_file != NULL)
        write_pid(options->pid_file);
    env = environment_open(options, options->recover ? OPEN_RECOVER : OPEN_APPLICATION);
    engine_start(&engine, env, options);
    if (options->ack != NULL)
        engine.ack = open_to_append(options->ack);
    if (options->latencies != NULL)
        engine.latencies = open_to_append(options->latencies);
    for (size_t i = 0; i < count; i++)
        worker_prepare(&workers[i], &engine, options->thread_base + i, false);
    if (options->long_ms != 0) {
        worker_prepare(&workers[count], &engine, options->thread_base + count, true);
        count++;
    }
    seconds = work(&engine, workers, count);
    print_result(&engine, workers, count, seconds);
    failure = atomic_load(&engine.failure);
    if (failure != 0)
        _exit(failure); /* a broken environment must not be closed, that could hang */
    if (options->hold)
        hold();
    for (size_t i = 0; i < count; i++)
        must(workers[i].journal.db->close(workers[i].journal.db, 0), "closing a database");
    bank_close(&engine.bank);
    if (engine.ack >= 0)
        close(engine.ack);
    if (engine.latencies >= 0)
        close(engine.latencies);
    environment_close(env);
    return 0;
}

int mode_die(const struct options *options)
{
    static struct engine engine;
    static struct worker worker;
    DB_ENV *env = environment_open(options, OPEN_APPLICATION);
    uint64_t commits = options->commits != 0 ? options->commits : DIE_COMMITS;

    engine_start(&engine, env, options);
    worker_prepare(&worker, &engine, options->thread_base, false);
    for (uint64_t i = 0; i < commits + 1; i++) {
        uint64_t updates = i < commits ? 1 : DIE_UPDATES;
        DB_TXN *txn;

        must(engine_begin(&engine, &txn), "txn_begin");
        for (uint64_t n = 1; n <= updates; n++)
            must(worker_transfer(&worker, txn, worker.journal.last + n), "transfer");
        if (i == commits)
            break;
        if (txn != NULL)
            must(txn->commit(txn, engine.commit_flags), "commit");
        worker.journal.last++;
    }
    /* With the unfinished transaction on disk, recovery has something to undo. */
    if (engine.bank.transactional)
        must(env->txn_checkpoint(env, 0, 0, DB_FORCE), "checkpoint");
    kill(getpid(), SIGKILL);
    return EXIT_LIBRARY;
}
