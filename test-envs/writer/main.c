#include <string.h>

#include "modes.h"

static const struct {
    const char *name;
    int (*run)(const struct options *options);
} modes[] = {
    {"init", mode_init},
    {"run", mode_run},
    {"die", mode_die},
    {"check", mode_check},
    {"bulk", mode_bulk},
    {"bulk-check", mode_bulk_check},
    {"create", mode_create},
    {"rename", mode_rename},
    {"remove", mode_remove},
    {"checkpoint", mode_checkpoint},
    {"count", mode_count},
    {"put", mode_put},
    {"prepare", mode_prepare},
    {"resolve", mode_resolve},
    {"corrupt", mode_corrupt},
    {"hotbackup-hold", mode_hotbackup_hold},
    {"remove-environment", mode_remove_environment},
    {"archive", mode_archive},
    {"archive-time", mode_archive_time},
    {"hold", mode_hold},
    {"hold-lock", mode_hold_lock},
    {"replay", mode_replay},
    {"many", mode_many},
    {"many-check", mode_many_check},
};

int main(int argc, char **argv)
{
    static struct options options;

    options_read(&options, argc, argv);
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
        if (strcmp(modes[i].name, options.mode) == 0)
            return modes[i].run(&options);
    usage("no such mode", options.mode);
}
