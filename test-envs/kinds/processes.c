#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kinds.h"

enum { KEYS = 400, VALUE = 120, PROCESSES = 10 };
enum { DEATHS = 7, STEPS_BETWEEN = 80, WATCH_MICROS = 2000 };

/* Of all processes. */
struct deaths {
    atomic_int count;
    atomic_ullong last; /* the step in which one died */
};

static struct deaths *deaths; /* NULL in the first process, which does not die */

static void open_records(struct world *world)
{
    struct making making = {.type = DB_BTREE};

    world->own = world_database(world, "records.db", NULL, &making);
}

static int records_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    return usual_step(world->own, txn, n, KEYS, VALUE);
}

/* One of the others dies with a transaction open, whose locks keep all from going on. */
static int deadly_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    int ret = records_step(world, txn, n);

    /* The number is another's again when this transaction has been aborted: no two die of one. */
    if (ret == 0 && deaths != NULL && n >= atomic_load(&deaths->last) + STEPS_BETWEEN &&
        atomic_fetch_add(&deaths->count, 1) < DEATHS) {
        atomic_store(&deaths->last, n);
        raise(SIGKILL);
    }
    return ret;
}

bool begin_others(struct crew *crew, const struct kind *kind)
{
    struct deaths *shared = NULL;
    int gate[2];
    char byte;

    memset(crew, 0, sizeof(*crew));
    if (kind->processes <= 1)
        return true;
    if (kind->mortal) {
        shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (shared == MAP_FAILED)
            library_error(errno, "mmap");
    }
    if (pipe(gate) != 0)
        library_error(errno, "pipe");
    for (; crew->count < kind->processes - 1; crew->count++) {
        pid_t pid = fork();

        if (pid < 0)
            library_error(errno, "fork");
        if (pid == 0) { /* none outlives the first one */
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            close(gate[1]);
            if (read(gate[0], &byte, 1) < 0)
                library_error(errno, "read");
            close(gate[0]);
            crew->count = 0; /* the others are not its own */
            deaths = shared;
            return false;
        }
        atomic_store(&crew->pid[crew->count], pid);
    }
    close(gate[0]);
    crew->gate = gate[1];
    return true;
}

void let_in(struct crew *crew)
{
    if (crew->count > 0)
        close(crew->gate);
}

/* libdb 5.3 frees locks and transactions first, and says EBUSY of mutexes that it can't destroy. */
static void free_held(DB_ENV *env)
{
    int ret = env->failchk(env, 0);

    if (ret != EBUSY)
        must(ret, "failchk");
}

/* Whether one of the others has ended; what it has held is free then. */
static bool reap(struct crew *crew, int i)
{
    pid_t pid = atomic_load(&crew->pid[i]);
    int status;

    if (pid == 0 || waitpid(pid, &status, WNOHANG) != pid)
        return pid == 0;
    atomic_store(&crew->pid[i], 0);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        free_held(crew->env);
    else if (status != 0)
        usage("another process failed", NULL);
    return true;
}

/* As the first process of an application does, to the end: who waits for a dead one's lock ends when that is freed. */
static void *watch_run(void *argument)
{
    struct crew *crew = argument;
    bool ended = false;

    while (!ended) {
        ended = true;
        for (int i = 0; i < crew->count; i++)
            ended = reap(crew, i) && ended;
        usleep(WATCH_MICROS);
    }
    return NULL;
}

void watch_others(struct crew *crew, const struct kind *kind, DB_ENV *env)
{
    crew->env = env;
    crew->watched = crew->count > 0 && kind->mortal;
    if (crew->watched)
        must(pthread_create(&crew->watch, NULL, watch_run, crew), "pthread_create");
}

void end_others(struct crew *crew)
{
    int status;

    for (int i = 0; i < crew->count; i++) {
        pid_t pid = atomic_load(&crew->pid[i]);

        if (pid != 0)
            kill(pid, SIGTERM);
    }
    if (crew->watched)
        pthread_join(crew->watch, NULL);
    for (int i = 0; i < crew->count; i++) {
        pid_t pid = atomic_load(&crew->pid[i]);

        if (pid != 0 && (waitpid(pid, &status, 0) < 0 || status != 0))
            usage("another process failed", NULL);
    }
}

static const struct kind ten = {
    .name = "processes-10",
    .shows = "ten processes that write in turn",
    .processes = PROCESSES,
    .open = open_records,
    .step = records_step,
};

static const struct kind killed = {
    .name = "processes-killed",
    .shows = "ten processes, of which one after the other is killed in a transaction; the first cleans up (`failchk`)",
    .processes = PROCESSES,
    .mortal = true,
    .configure = count_threads,
    .open = open_records,
    .step = deadly_step,
};

const struct kind *const process_kinds[] = {&ten, &killed, NULL};
