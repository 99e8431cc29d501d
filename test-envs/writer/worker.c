#include "worker.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ABORT_ONE_IN = 20, LONG_PAUSE_MILLIS = 2, LATENCY_SIZE = 16 };

uint64_t now_micros(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static uint64_t steady_nanos(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* In short pieces, so that a stop is noticed. */
static void sleep_until(struct engine *engine, uint64_t nanos)
{
    uint64_t now;

    while (!atomic_load(&engine->stop) && (now = steady_nanos()) < nanos) {
        uint64_t piece = nanos - now < 20000000 ? nanos - now : 20000000;
        struct timespec pause = {0, (long)piece};

        nanosleep(&pause, NULL);
    }
}

void sleep_millis(struct engine *engine, uint64_t millis)
{
    sleep_until(engine, steady_nanos() + millis * 1000000);
}

uint64_t next_random(uint64_t *state)
{
    return mix(++*state);
}

void engine_start(struct engine *engine, DB_ENV *env, const struct options *options)
{
    memset(engine, 0, sizeof(*engine));
    engine->env = env;
    engine->options = options;
    engine->ack = -1;
    engine->latencies = -1;
    engine->commit_flags = options->log_in_memory  ? 0
                           : options->sync         ? DB_TXN_SYNC
                           : options->write_nosync ? DB_TXN_WRITE_NOSYNC
                                                   : DB_TXN_NOSYNC;
    bank_open(&engine->bank, env, options, false);
    engine->churn_number = now_micros();
}

void engine_fail(struct engine *engine, int ret, const char *what)
{
    int none = 0;

    /* EXIT_CHECK has been explained by whoever found it. */
    if (ret != EXIT_CHECK)
        fprintf(stderr, "bdb-writer: %s: %s\n", what, db_strerror(ret));
    atomic_compare_exchange_strong(&engine->failure, &none, ret == EXIT_CHECK ? EXIT_CHECK : EXIT_LIBRARY);
    atomic_store(&engine->stop, true);
}

int engine_begin(struct engine *engine, DB_TXN **txn)
{
    *txn = NULL;
    if (!engine->bank.transactional)
        return 0;
    return engine->env->txn_begin(engine->env, NULL, txn, engine->commit_flags);
}

void worker_prepare(struct worker *worker, struct engine *engine, uint64_t thread, bool is_long)
{
    memset(worker, 0, sizeof(*worker));
    worker->engine = engine;
    worker->is_long = is_long;
    worker->random = mix(now_micros() ^ thread << 48);
    journal_open(&worker->journal, &engine->bank, thread);
}

static struct table *any_table(struct worker *worker)
{
    struct bank *bank = &worker->engine->bank;
    uint64_t random = next_random(&worker->random);

    if (worker->is_long)
        return &bank->table[bank->shared + random % (bank->count - bank->shared)];
    return &bank->table[random % bank->shared];
}

int worker_transfer(struct worker *worker, DB_TXN *txn, uint64_t sequence)
{
    struct bank *bank = &worker->engine->bank;
    struct table *from_table = any_table(worker);
    struct table *to_table = any_table(worker);
    struct account from;
    struct account to;
    struct transfer transfer;
    int ret;

    memset(&transfer, 0, sizeof(transfer));
    transfer.thread = worker->journal.thread;
    transfer.sequence = sequence;
    transfer.from_table = from_table->number;
    transfer.to_table = to_table->number;
    transfer.from = next_random(&worker->random) % from_table->accounts;
    transfer.to = next_random(&worker->random) % to_table->accounts;
    if (from_table == to_table && transfer.from == transfer.to)
        transfer.to = (transfer.to + 1) % to_table->accounts;
    transfer.amount = 1 + (int64_t)(next_random(&worker->random) % 100);

    ret = bank_read(bank, from_table, txn, transfer.from, &from);
    if (ret == 0)
        ret = bank_read(bank, to_table, txn, transfer.to, &to);
    if (ret != 0)
        return ret;
    from.balance -= transfer.amount;
    from.version++;
    to.balance += transfer.amount;
    to.version++;
    ret = bank_write(bank, from_table, txn, &from);
    if (ret == 0)
        ret = bank_write(bank, to_table, txn, &to);
    if (ret == 0)
        ret = journal_append(&worker->journal, txn, &transfer);
    return ret;
}

static void acknowledge(struct worker *worker)
{
    struct ack ack = {worker->journal.thread, worker->journal.last, now_micros()};
    unsigned char bytes[ACK_SIZE];

    if (worker->engine->ack < 0)
        return;
    ack_encode(bytes, &ack);
    if (write(worker->engine->ack, bytes, sizeof(bytes)) != (ssize_t)sizeof(bytes))
        engine_fail(worker->engine, errno, "writing an acknowledgement");
}

/* When a transaction was committed, and how long it took from its first beginning. */
static void note_latency(struct worker *worker, uint64_t began)
{
    unsigned char bytes[LATENCY_SIZE];

    if (worker->engine->latencies < 0)
        return;
    put64(bytes, now_micros());
    put64(bytes + 8, steady_nanos() - began);
    if (write(worker->engine->latencies, bytes, sizeof(bytes)) != (ssize_t)sizeof(bytes))
        engine_fail(worker->engine, errno, "writing a latency");
}

static bool end(struct worker *worker, DB_TXN *txn, uint64_t last, bool commit)
{
    struct engine *engine = worker->engine;
    int ret = 0;

    if (!commit) {
        worker->aborts++;
        ret = txn->abort(txn);
    } else {
        if (txn != NULL)
            ret = txn->commit(txn, engine->commit_flags);
        if (ret == 0) {
            worker->journal.last = last;
            worker->commits++;
            atomic_fetch_add(&engine->commits, 1);
            acknowledge(worker);
        }
    }
    if (ret != 0)
        engine_fail(engine, ret, commit ? "commit" : "abort");
    return ret == 0;
}

/* After an error of the library: true when the transaction is gone and may be tried again. */
static bool give_up(struct worker *worker, DB_TXN *txn, int ret)
{
    int abort_ret = txn != NULL ? txn->abort(txn) : 0;

    if (is_deadlock(ret) && txn != NULL && abort_ret == 0) {
        worker->deadlocks++;
        return true;
    }
    engine_fail(worker->engine, ret, "transfer");
    return false;
}

void *worker_run(void *argument)
{
    struct worker *worker = argument;
    struct engine *engine = worker->engine;
    const struct options *options = engine->options;
    uint64_t interval = options->rate == 0 ? 0 : 1000000000 * options->threads / options->rate;
    uint64_t due = steady_nanos();

    while (!atomic_load(&engine->stop)) {
        bool commit = !engine->bank.transactional || next_random(&worker->random) % ABORT_ONE_IN != 0;
        uint64_t began;
        DB_TXN *txn;
        int ret;

        if (commit && options->commits != 0 && atomic_fetch_add(&engine->tickets, 1) >= options->commits)
            break;
        if (commit && interval != 0) {
            due += interval;
            sleep_until(engine, due);
        }
        began = steady_nanos();
        for (;;) {
            ret = engine_begin(engine, &txn);
            if (ret != 0) {
                engine_fail(engine, ret, "txn_begin");
                return NULL;
            }
            ret = worker_transfer(worker, txn, worker->journal.last + 1);
            if (ret == 0)
                break;
            if (!give_up(worker, txn, ret))
                return NULL;
        }
        if (!end(worker, txn, worker->journal.last + 1, commit))
            return NULL;
        if (commit)
            note_latency(worker, began);
    }
    return NULL;
}

void *worker_run_long(void *argument)
{
    struct worker *worker = argument;
    struct engine *engine = worker->engine;
    bool commit = true;

    while (!atomic_load(&engine->stop)) {
        uint64_t deadline = steady_nanos() + engine->options->long_ms * 1000000;
        uint64_t last = worker->journal.last;
        DB_TXN *txn;
        int ret = engine_begin(engine, &txn);

        if (ret != 0) {
            engine_fail(engine, ret, "txn_begin");
            break;
        }
        do {
            ret = worker_transfer(worker, txn, last + 1);
            if (ret != 0)
                break;
            last++;
            sleep_millis(engine, LONG_PAUSE_MILLIS);
        } while (!atomic_load(&engine->stop) && steady_nanos() < deadline);
        if (ret != 0) {
            if (!give_up(worker, txn, ret))
                break;
            continue;
        }
        if (!end(worker, txn, last, commit || !engine->bank.transactional))
            break;
        commit = !commit;
    }
    return NULL;
}
