#ifndef BDB_WRITER_WORKER_H
#define BDB_WRITER_WORKER_H

#include <pthread.h>
#include <stdatomic.h>

#include "journal.h"

/* What all threads of a run share. */
struct engine {
    DB_ENV *env;
    const struct options *options;
    struct bank bank;
    uint32_t commit_flags;
    int ack;
    int latencies;
    atomic_bool stop;
    atomic_int failure; /* the exit status once something went wrong */
    atomic_ullong tickets;
    atomic_ullong commits;
    atomic_ullong checkpoints;
    atomic_ullong churned;
    uint64_t churn_number;
};

struct worker {
    struct engine *engine;
    struct journal journal;
    pthread_t handle;
    bool is_long;
    uint64_t random;
    uint64_t commits;
    uint64_t aborts;
    uint64_t deadlocks;
};

void engine_start(struct engine *engine, DB_ENV *env, const struct options *options);
void engine_fail(struct engine *engine, int ret, const char *what);
uint64_t now_micros(void);
void sleep_millis(struct engine *engine, uint64_t millis);
uint64_t next_random(uint64_t *state);

void worker_prepare(struct worker *worker, struct engine *engine, uint64_t thread, bool is_long);
/* One transfer with its journal record, in a transaction the caller ends. */
int worker_transfer(struct worker *worker, DB_TXN *txn, uint64_t sequence);
int engine_begin(struct engine *engine, DB_TXN **txn);

/* Thread bodies. */
void *worker_run(void *worker);
void *worker_run_long(void *worker);
void *churn_run(void *engine);

/* Of a database that churn_run left: does it hold just the records its name tells? */
bool churn_check(DB_ENV *env, const struct options *options, const char *file, uint64_t number, uint64_t records);

#endif
