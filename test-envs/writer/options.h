#ifndef BDB_WRITER_OPTIONS_H
#define BDB_WRITER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <db.h>

enum {
    EXIT_CHECK = 1,
    EXIT_USAGE = 2,
    EXIT_LIBRARY = 3,
    MAX_LIST = 16,
    MAX_TYPES = 5
};

struct list {
    char *item[MAX_LIST];
    size_t count;
    bool remembered; /* came from the file, so the command line replaces it */
};

struct options {
    const char *mode;
    const char *argument; /* the positional one, of hotbackup-hold */

    char *home;
    char *types;
    DBTYPE type[MAX_TYPES];
    size_t type_count;
    uint64_t databases;
    char *subdir;
    struct list data_dirs;
    char *log_dir;
    struct list config;
    uint64_t page_size;
    bool checksum;
    char *password_file;
    uint64_t cache;
    uint64_t log_size;
    uint64_t log_buffer;
    uint64_t extent;
    uint64_t accounts;
    uint64_t value_size;
    uint64_t lorder;
    bool private_regions;
    bool log_in_memory;
    bool no_txn;
    bool auto_remove;

    uint64_t seconds;
    uint64_t threads;
    uint64_t thread_base;
    uint64_t rate;
    uint64_t commits;
    bool sync;
    bool nosync;
    bool write_nosync;
    char *ack;
    char *latencies;
    uint64_t checkpoint_ms;
    uint64_t long_ms;
    bool churn;
    bool churn_extents;
    bool recover;
    bool recover_fatal;
    char *pid_file;
    bool hold;

    bool live;
    uint64_t ack_before;
    uint64_t expect_min_journal;

    uint64_t records;
    uint64_t many;
    uint64_t mark;
    uint64_t account;
    uint64_t timeout;
    char *db;
    char *to;
    char *key;
    char *value;
    bool absolute;
    bool close_nosync;
    bool outside; /* of any transaction */
    bool remove;
    bool force;
};

/* Reads what init remembered under the home, then the command line, which wins. */
void options_read(struct options *options, int argc, char **argv);
void options_remember(const struct options *options);
void usage(const char *why, const char *what) __attribute__((noreturn));

const char *type_name(DBTYPE type);
bool type_from_name(const char *name, DBTYPE *type);

#endif
