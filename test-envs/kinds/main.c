#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kinds.h"

static const struct kind *const *const families[] = {
    btree_kinds, hash_kinds, recno_kinds, queue_kinds, heap_kinds, subdatabase_kinds, secondary_kinds,
    partition_kinds,   sequence_kinds, value_kinds, churn_kinds, renamed_kinds, name_kinds, durability_kinds, transaction_kinds,
    setting_kinds, region_kinds, replication_kinds, log_kinds, file_kinds, process_kinds,
};

enum { FAMILIES = sizeof(families) / sizeof(families[0]), INIT_STEPS = 50 };

static int list(void)
{
    for (size_t i = 0; i < FAMILIES; i++)
        for (const struct kind *const *kind = families[i]; *kind != NULL; kind++)
            printf("%s\t%s\n", (*kind)->name, (*kind)->shows);
    return 0;
}

static const struct kind *find(const char *name)
{
    for (size_t i = 0; i < FAMILIES; i++)
        for (const struct kind *const *kind = families[i]; *kind != NULL; kind++)
            if (strcmp((*kind)->name, name) == 0)
                return *kind;
    usage("no such kind", name);
}

static uint64_t number(const char *text)
{
    char *end;
    uint64_t result;

    errno = 0;
    result = strtoull(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0')
        usage("not a number", text);
    return result;
}

int main(int argc, char **argv)
{
    struct run_options run = {.checkpoint_ms = 500};
    const struct kind *kind;
    const char *home = NULL;
    uint64_t ack_before = UINT64_MAX;
    bool steps_given = false;

    if (argc == 2 && strcmp(argv[1], "list") == 0)
        return list();
    if (argc < 3)
        usage("no kind, or no mode", NULL);
    kind = find(argv[1]);
    for (int i = 3; i < argc; i++) {
        const char *name = argv[i];

        if (strcmp(name, "--recover") == 0) {
            run.recover = true;
            continue;
        }
        if (strcmp(name, "--write-nosync") == 0) {
            run.write_nosync = true;
            continue;
        }
        if (++i == argc)
            usage("no such option, or a value is missing", name);
        if (strcmp(name, "--home") == 0)
            home = argv[i];
        else if (strcmp(name, "--ack") == 0)
            run.ack = argv[i];
        else if (strcmp(name, "--ack-before") == 0)
            ack_before = number(argv[i]);
        else if (strcmp(name, "--rate") == 0)
            run.rate = number(argv[i]);
        else if (strcmp(name, "--checkpoint-ms") == 0)
            run.checkpoint_ms = number(argv[i]);
        else if (strcmp(name, "--steps") == 0) {
            run.steps = number(argv[i]);
            steps_given = true;
        } else
            usage("no such option", name);
    }
    if (home == NULL)
        usage("--home is needed", NULL);
    if (strcmp(argv[2], "init") == 0)
        return init_home(kind, home, steps_given ? run.steps : INIT_STEPS);
    if (strcmp(argv[2], "run") == 0)
        return run_home(kind, home, &run);
    if (strcmp(argv[2], "check") == 0)
        return check_home(kind, home, run.ack, ack_before);
    if (strcmp(argv[2], "remove") == 0)
        return remove_home(kind, home);
    usage("no such mode", argv[2]);
}
