#ifndef BDB_WRITER_MODES_H
#define BDB_WRITER_MODES_H

#include "options.h"

/* Each mode returns the exit status. */
int mode_init(const struct options *options);
int mode_run(const struct options *options);
int mode_die(const struct options *options);
int mode_check(const struct options *options);
int mode_bulk(const struct options *options);
int mode_bulk_check(const struct options *options);
int mode_create(const struct options *options);
int mode_rename(const struct options *options);
int mode_remove(const struct options *options);
int mode_checkpoint(const struct options *options);
int mode_count(const struct options *options);
int mode_put(const struct options *options);
int mode_prepare(const struct options *options);
int mode_resolve(const struct options *options);
int mode_corrupt(const struct options *options);
int mode_hotbackup_hold(const struct options *options);
int mode_remove_environment(const struct options *options);
int mode_archive(const struct options *options);
int mode_archive_time(const struct options *options);
int mode_hold(const struct options *options);
int mode_hold_lock(const struct options *options);
int mode_replay(const struct options *options);
int mode_many(const struct options *options);
int mode_many_check(const struct options *options);

#endif
