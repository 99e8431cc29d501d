#ifndef BDB_KINDS_KINDS_H
#define BDB_KINDS_KINDS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <db.h>

enum { EXIT_CHECK = 1, EXIT_USAGE = 2, EXIT_LIBRARY = 3, MAX_DATABASES = 640 };

/* What a database is opened for. */
enum purpose {
    TO_WORK,  /* in the environment of an application */
    TO_CHECK, /* its files alone, read only */
    TO_REPLAY /* in a scratch environment, which shows what so many steps leave */
};

/* What of a database must be as in the scratch environment. */
enum likeness {
    ALIKE,         /* keys and values, in this order */
    ALIKE_VALUES,  /* values in this order: record numbers depend on what was aborted */
    ALIKE_UNSORTED, /* the same values in any order: so are the places of a heap */
    APART          /* nothing: the kind's own check looks at it, or only it can know */
};

struct database {
    DB *db;
    char name[256];
    enum likeness likeness;
};

struct world {
    const struct kind *kind;
    const char *home;
    enum purpose purpose;
    DB_ENV *env;
    struct database database[MAX_DATABASES];
    size_t count;
    uint64_t resumed; /* the number of steps at which this process began */
    void *own;        /* what the kind keeps for itself */
    uint64_t failures;
};

/* One kind of environment. */
struct kind {
    const char *name;
    const char *shows;
    const char *config; /* lines for DB_CONFIG */
    uint32_t env_flags;
    uint64_t log_size;
    int processes; /* that work at once; 0 for one */
    bool mortal;   /* whether the others of them may die */
    void (*configure)(DB_ENV *env, enum purpose purpose); /* before the environment is opened */
    void (*place)(DB_ENV *env, const char *home);         /* the same for work only, and where it is */
    void (*opened)(struct world *world);                  /* after it, before any database is; for work only */
    void (*open)(struct world *world);
    /* Transaction n. Returns what libdb says; a deadlock's loser is tried again. */
    int (*step)(struct world *world, DB_TXN *txn, uint64_t n);
    void (*finish)(struct world *world); /* before a clean end */
    void (*remove)(const char *home);    /* what libdb leaves when its regions' files are gone */
    void (*replayed)(struct world *replay); /* opens what the last of the steps has left in a scratch environment */
    /* NULL: check_by_replay. */
    void (*check)(struct world *world, uint64_t n);
};

/* What sets a database up before it is opened. */
struct making {
    DBTYPE type;
    uint32_t flags;      /* of DB->set_flags */
    uint32_t open_flags; /* besides those that any is opened with */
    uint32_t record_size;
    uint32_t extent;
    uint32_t page_size;
    enum likeness likeness;
    void (*setup)(DB *db);
};

/* The kinds, by file. */
extern const struct kind *const btree_kinds[];
extern const struct kind *const hash_kinds[];
extern const struct kind *const recno_kinds[];
extern const struct kind *const queue_kinds[];
extern const struct kind *const heap_kinds[];
extern const struct kind *const subdatabase_kinds[];
extern const struct kind *const secondary_kinds[];
extern const struct kind *const partition_kinds[];
extern const struct kind *const sequence_kinds[];
extern const struct kind *const value_kinds[];
extern const struct kind *const durability_kinds[];
extern const struct kind *const churn_kinds[];
extern const struct kind *const renamed_kinds[];
extern const struct kind *const name_kinds[];
extern const struct kind *const transaction_kinds[];
extern const struct kind *const setting_kinds[];
extern const struct kind *const region_kinds[];
extern const struct kind *const replication_kinds[];
extern const struct kind *const log_kinds[];
extern const struct kind *const file_kinds[];
extern const struct kind *const process_kinds[];

/* errors.c */
void usage(const char *why, const char *what) __attribute__((noreturn));
void library_error(int ret, const char *what) __attribute__((noreturn));
void must(int ret, const char *what);
bool is_deadlock(int ret);
void fail(struct world *world, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* world.c */
void world_open(struct world *world, const struct kind *kind, const char *home, enum purpose purpose, bool recover);
void world_close(struct world *world);
/* A handle; in an encrypted environment its database is encrypted. */
DB *world_handle(struct world *world);
/* One that is set up for a database of that making. */
DB *world_configured(struct world *world, const struct making *making);
/* Opens a database, or makes it; subdatabase may be NULL. */
DB *world_database(struct world *world, const char *file, const char *subdatabase, const struct making *making);
bool world_has_log(const char *home);
DB *world_find(const struct world *world, const char *name);
uint64_t steps_done(struct world *world);

/* btree.c: puts and removes duplicates; the world's own is the database. */
int duplicates_step(struct world *world, DB_TXN *txn, uint64_t n);

/* record.c: what a transaction writes is made of its number. */
uint64_t mix(uint64_t n, uint64_t salt);
enum { TEXT_SIZE = 32 };
struct text {
    char bytes[TEXT_SIZE];
};
DBT key_of(struct text *text, uint64_t number);
DBT number_of(db_recno_t *number);
/* The bytes are valid until the next call. */
DBT value_of(uint64_t n, size_t size);
int put_record(DB *db, DB_TXN *txn, uint64_t key, uint64_t n, size_t size);
int delete_record(DB *db, DB_TXN *txn, uint64_t key);
/* Puts one of so many keys, now and then removes one. */
int usual_step(DB *db, DB_TXN *txn, uint64_t n, uint64_t keys, size_t max_size);

/* made.c: databases that steps make; what is in one follows from the step that made it. */
struct made {
    const char *file;
    const char *subdatabase;
    const struct making *making;
    uint64_t n;
};
/* Opens it, or makes it, and adds these of its records. */
int fill_made(struct world *world, DB_TXN *txn, const struct made *made, uint64_t first, uint64_t count);
/* It has so many records, and the right ones; with 0 it is not there. */
void check_made(struct world *world, const struct made *made, uint64_t count);

/* compare.c */
struct records {
    DBT *item;
    size_t count;
    size_t capacity;
};
/* Everything that a database holds; what is said of its likeness decides on the order. */
void records_read(const struct database *database, struct records *keys, struct records *values);
void records_release(struct records *records);
void compare_databases(struct world *world, const struct world *expected);

/* check.c */
/* The databases hold what so many steps leave in a scratch environment. */
void check_by_replay(struct world *world, uint64_t n);
int check_home(const struct kind *kind, const char *home, const char *ack, uint64_t ack_before);

/* run.c */
struct run_options {
    const char *ack;
    uint64_t steps;
    uint64_t rate;
    uint64_t checkpoint_ms;
    bool recover;
    bool write_nosync;
};
int init_home(const struct kind *kind, const char *home, uint64_t steps);
/* Takes the regions away, wherever they are. */
int remove_home(const struct kind *kind, const char *home);
int run_home(const struct kind *kind, const char *home, const struct run_options *options);
/* One transaction and its number, until it is not a deadlock's loser. */
void make_step(struct world *world, uint64_t n, uint32_t commit_flags);

/* regions.c: what failchk needs to know of processes and threads. */
void count_threads(DB_ENV *env, enum purpose purpose);

/* processes.c: the others that work beside the first process. */
enum { MAX_OTHERS = 32 };
struct crew {
    _Atomic(pid_t) pid[MAX_OTHERS]; /* 0: ended */
    int count;
    int gate;
    DB_ENV *env;
    pthread_t watch;
    bool watched;
};
/* Starts them; they wait. True in the first process. To be called with nothing open. */
bool begin_others(struct crew *crew, const struct kind *kind);
void let_in(struct crew *crew);
/* Looks from now on whether they live, if they are mortal. */
void watch_others(struct crew *crew, const struct kind *kind, DB_ENV *env);
/* Asks them to stop, and wants that to have gone well. */
void end_others(struct crew *crew);

#endif
