#include <stdio.h>
#include <string.h>

#include "kinds.h"

enum { KEYS = 400, VALUE = 120, SPAN = 100000 };

static void open_records(struct world *world)
{
    struct making making = {.type = DB_BTREE, .page_size = 1024};

    world->own = world_database(world, "records.db", NULL, &making);
}

/* Three children, of which every other step's second is aborted, and a grandchild. */
static int nested_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    DB_ENV *env = world->env;
    int ret = 0;

    for (uint64_t i = 0; ret == 0 && i < 3; i++) {
        DB_TXN *child;
        DB_TXN *grandchild;
        int ended;

        must(env->txn_begin(env, txn, &child, 0), "txn_begin");
        ret = usual_step(world->own, child, n * 4 + i, KEYS, VALUE);
        must(env->txn_begin(env, child, &grandchild, 0), "txn_begin");
        if (ret == 0)
            ret = usual_step(world->own, grandchild, n * 4 + 3, KEYS, VALUE);
        ended = ret == 0 && mix(n, i) % 3 != 0 ? grandchild->commit(grandchild, 0) : grandchild->abort(grandchild);
        must(ended, "ending a transaction");
        ended = ret == 0 && (i != 1 || n % 2 == 0) ? child->commit(child, 0) : child->abort(child);
        must(ended, "ending a transaction");
    }
    return ret;
}

static const struct kind nested = {
    .name = "nested-transactions",
    .shows = "transactions within transactions, some of them aborted",
    .open = open_records,
    .step = nested_step,
};

/* A second transaction, open from the first step of a process to its clean end. */
struct span {
    DB *records;
    DB *spanned;
    DB_TXN *txn;
};

static struct span spans[2];

static void open_span(struct world *world)
{
    struct making making = {.type = DB_BTREE, .page_size = 1024};
    struct making apart = {.type = DB_BTREE, .page_size = 1024, .likeness = APART};
    struct span *span = &spans[world->purpose == TO_REPLAY];

    span->records = world_database(world, "records.db", NULL, &making);
    span->spanned = world_database(world, "spanned.db", NULL, &apart);
    world->own = span;
}

static int span_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    struct span *span = world->own;

    if (world->purpose == TO_WORK) {
        if (span->txn == NULL)
            must(world->env->txn_begin(world->env, NULL, &span->txn, 0), "txn_begin");
        /* Nobody else is in that database: it is no deadlock's loser. */
        must(put_record(span->spanned, span->txn, world->resumed * SPAN + n, n, VALUE), "spanned.db");
    }
    return usual_step(span->records, txn, n, KEYS, VALUE);
}

/* The end of a transaction says in it how many records it has made. */
static void end_span(struct world *world)
{
    struct span *span = world->own;
    uint64_t last = steps_done(world);

    if (span->txn == NULL)
        return;
    must(put_record(span->spanned, span->txn, world->resumed * SPAN, last - world->resumed, VALUE), "spanned.db");
    must(span->txn->commit(span->txn, 0), "commit");
    span->txn = NULL;
}

/* A transaction is there as a whole, its end first; of one without an end there is nothing. */
static void check_span(struct world *world, uint64_t n)
{
    struct database spanned = {.db = ((struct span *)world->own)->spanned, .name = "spanned.db"};
    struct records keys = {0};
    struct records values = {0};
    uint64_t left = 0;
    uint64_t next = 0;

    records_read(&spanned, &keys, &values);
    for (size_t i = 0; i < values.count; i++) {
        uint64_t number;

        memcpy(&number, values.item[i].data, sizeof(number));
        if (left == 0) {
            unsigned long long begin = 0;

            if (sscanf(keys.item[i].data, "record number %10llu", &begin) != 1 || begin % SPAN != 0)
                fail(world, "spanned.db: record %zu is of no transaction that has ended", i + 1);
            left = number;
            next = begin / SPAN + 1;
        } else {
            if (number != next)
                fail(world, "spanned.db: %llu instead of %llu", (unsigned long long)number, (unsigned long long)next);
            left--;
            next++;
        }
    }
    if (left != 0)
        fail(world, "spanned.db: %llu records are missing", (unsigned long long)left);
    records_release(&keys);
    records_release(&values);
    check_by_replay(world, n);
}

static const struct kind spanning = {
    .name = "long-transaction",
    .shows = "a transaction open from before the snapshot to the application's end",
    .open = open_span,
    .step = span_step,
    .finish = end_span,
    .check = check_span,
};

/* One that is prepared when the process begins to work, and decided on when the next one does. */
static void resolve(struct world *world)
{
    DB_PREPLIST list[16];
    long count = 0;

    must(world->env->txn_recover(world->env, list, 16, &count, DB_FIRST), "txn_recover");
    for (long i = 0; i < count; i++)
        must(list[i].txn->commit(list[i].txn, 0), "commit");
}

static int prepared_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    struct span *span = world->own;

    if (world->purpose == TO_WORK && span->txn == NULL) {
        uint8_t gid[DB_GID_SIZE] = {0};

        snprintf((char *)gid, sizeof(gid), "begun at %llu", (unsigned long long)world->resumed);
        must(world->env->txn_begin(world->env, NULL, &span->txn, 0), "txn_begin");
        must(put_record(span->spanned, span->txn, world->resumed, world->resumed, VALUE), "spanned.db");
        must(span->txn->prepare(span->txn, gid), "prepare");
    }
    return usual_step(span->records, txn, n, KEYS, VALUE);
}

static void commit_prepared(struct world *world)
{
    struct span *span = world->own;

    if (span->txn != NULL)
        must(span->txn->commit(span->txn, 0), "commit");
    span->txn = NULL;
}

static const struct kind prepared = {
    .name = "prepared-transaction",
    .shows = "a transaction that is prepared at the failover, and committed by the application afterwards",
    .opened = resolve,
    .open = open_span,
    .step = prepared_step,
    .finish = commit_prepared,
};

const struct kind *const transaction_kinds[] = {&nested, &spanning, &prepared, NULL};
