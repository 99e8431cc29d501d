#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kinds.h"

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

void check_by_replay(struct world *world, uint64_t n)
{
    static struct world replay;
    const char *base = getenv("TMPDIR");
    char home[1024];

    if (snprintf(home, sizeof(home), "%s/bdb-kinds-XXXXXX", base != NULL ? base : "/tmp") >= (int)sizeof(home))
        usage("path too long", base);
    if (mkdtemp(home) == NULL)
        library_error(errno, home);
    world_open(&replay, world->kind, home, TO_REPLAY, false);
    for (uint64_t i = 1; i <= n; i++)
        make_step(&replay, i, DB_TXN_NOSYNC);
    if (world->kind->replayed != NULL)
        world->kind->replayed(&replay);
    compare_databases(world, &replay);
    world_close(&replay);
    if (nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0)
        library_error(errno, home);
}

static uint64_t last_acknowledged(const char *path, uint64_t before)
{
    FILE *file = fopen(path, "r");
    uint64_t ack[3];
    uint64_t last = 0;

    if (file == NULL)
        library_error(errno, path);
    while (fread(ack, sizeof(ack), 1, file) == 1)
        if (ack[2] <= before && ack[1] > last)
            last = ack[1];
    fclose(file);
    return last;
}

int check_home(const struct kind *kind, const char *home, const char *ack, uint64_t ack_before)
{
    static struct world world;
    uint64_t acknowledged = ack != NULL ? last_acknowledged(ack, ack_before) : 0;
    uint64_t n;

    world_open(&world, kind, home, TO_CHECK, false);
    n = world.resumed;
    if (n < acknowledged)
        fail(&world, "step %llu was acknowledged, the last one here is %llu", (unsigned long long)acknowledged,
             (unsigned long long)n);
    if (kind->check != NULL)
        kind->check(&world, n);
    else
        check_by_replay(&world, n);
    printf("{\"ok\":%s,\"n\":%llu,\"acknowledged\":%llu,\"databases\":%zu,\"failures\":%llu}\n",
           world.failures == 0 ? "true" : "false", (unsigned long long)n, (unsigned long long)acknowledged,
           world.count, (unsigned long long)world.failures);
    world_close(&world);
    return world.failures == 0 ? 0 : EXIT_CHECK;
}
