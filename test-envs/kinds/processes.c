#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kinds.h"

enum { KEYS = 400, VALUE = 120, PROCESSES = 10 };

static void open_records(struct world *world)
{
    struct making making = {.type = DB_BTREE};

    world->own = world_database(world, "records.db", NULL, &making);
}

static int records_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    return usual_step(world->own, txn, n, KEYS, VALUE);
}

bool begin_others(struct crew *crew, int processes)
{
    int gate[2];
    char byte;

    memset(crew, 0, sizeof(*crew));
    if (processes <= 1)
        return true;
    if (pipe(gate) != 0)
        library_error(errno, "pipe");
    for (; crew->count < processes - 1; crew->count++) {
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
            return false;
        }
        crew->pid[crew->count] = pid;
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

void end_others(struct crew *crew)
{
    int status;

    for (int i = 0; i < crew->count; i++)
        kill(crew->pid[i], SIGTERM);
    for (int i = 0; i < crew->count; i++)
        if (waitpid(crew->pid[i], &status, 0) < 0 || status != 0)
            usage("another process failed", NULL);
}

static const struct kind ten = {
    .name = "processes-10",
    .shows = "ten processes that write in turn",
    .processes = PROCESSES,
    .open = open_records,
    .step = records_step,
};

const struct kind *const process_kinds[] = {&ten, NULL};
