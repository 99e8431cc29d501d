#include <string.h>

#include "kinds.h"

enum { CACHED = 20 };

/* One without a cache, whose numbers are those of the steps, and one that keeps some at hand. */
struct sequences {
    DB *exact_db;
    DB *cached_db; /* its own file: a cached sequence is in no transaction of the step */
    DB_SEQUENCE *exact;
    DB_SEQUENCE *cached;
    DB *drawn;
};

static struct sequences numbers[2];

static DB_SEQUENCE *open_sequence(struct world *world, DB *db, uint64_t name, int32_t cache)
{
    struct text text;
    DBT key = key_of(&text, name);
    DB_SEQUENCE *sequence;

    must(db_sequence_create(&sequence, db, 0), "db_sequence_create");
    must(sequence->initial_value(sequence, 1), "initial_value");
    if (cache != 0)
        must(sequence->set_cachesize(sequence, cache), "set_cachesize");
    must(sequence->open(sequence, NULL, &key,
                        DB_THREAD | DB_CREATE | (world->purpose == TO_WORK ? DB_AUTO_COMMIT : 0)),
         "opening a sequence");
    return sequence;
}

static void open_sequences(struct world *world)
{
    struct making making = {.type = DB_BTREE, .likeness = APART};
    struct sequences *own = &numbers[world->purpose == TO_REPLAY];

    own->exact_db = world_database(world, "exact.db", NULL, &making);
    own->cached_db = world_database(world, "cached.db", NULL, &making);
    own->drawn = world_database(world, "drawn.db", NULL, &making);
    if (world->purpose != TO_CHECK) {
        own->exact = open_sequence(world, own->exact_db, 1, 0);
        own->cached = open_sequence(world, own->cached_db, 2, CACHED);
    }
    world->own = own;
}

/* Draws from both; what came of the cached one is kept under the step's number. */
static int draw(struct world *world, DB_TXN *txn, uint64_t n)
{
    struct sequences *own = world->own;
    db_seq_t exact;
    db_seq_t cached;
    int ret = own->exact->get(own->exact, txn, 1, &exact, 0);

    if (ret == 0)
        ret = own->cached->get(own->cached, NULL, 1, &cached, DB_AUTO_COMMIT | DB_TXN_NOSYNC);
    if (ret == 0 && exact != (db_seq_t)n)
        fail(world, "step %llu drew %lld", (unsigned long long)n, (long long)exact);
    return ret != 0 ? ret : put_record(own->drawn, txn, n, (uint64_t)cached, 8);
}

static void close_sequences(struct world *world)
{
    struct sequences *own = world->own;

    must(own->exact->close(own->exact, 0), "closing a sequence");
    must(own->cached->close(own->cached, 0), "closing a sequence");
}

/* As libdb keeps it: a handle of a sequence can't be had of what is opened for reading. */
static int64_t next_of(DB *db, uint64_t name)
{
    DB_SEQ_RECORD record;
    struct text text;
    DBT key = key_of(&text, name);
    DBT value;

    memset(&value, 0, sizeof(value));
    value.data = &record;
    value.ulen = sizeof(record);
    value.flags = DB_DBT_USERMEM;
    must(db->get(db, NULL, &key, &value, 0), "a sequence");
    return record.seq_value;
}

/* No number was drawn twice, and none will be. */
static void check_sequences(struct world *world, uint64_t n)
{
    struct sequences *own = world->own;
    int64_t exact = next_of(own->exact_db, 1);
    int64_t cached = next_of(own->cached_db, 2);
    int64_t last = 0;

    if (exact != (int64_t)n + 1)
        fail(world, "the next number is %lld after %llu steps", (long long)exact, (unsigned long long)n);
    for (uint64_t i = 1; i <= n; i++) {
        struct text text;
        DBT key = key_of(&text, i);
        int64_t drawn = 0;
        DBT value;

        memset(&value, 0, sizeof(value));
        value.data = &drawn;
        value.ulen = sizeof(drawn);
        value.flags = DB_DBT_USERMEM;
        must(own->drawn->get(own->drawn, NULL, &key, &value, 0), "drawn.db");
        if (drawn <= last)
            fail(world, "%lld was drawn after %lld", (long long)drawn, (long long)last);
        last = drawn;
    }
    if (cached <= last)
        fail(world, "the next number is %lld, and %lld is drawn", (long long)cached, (long long)last);
}

static const struct kind sequence = {
    .name = "sequences",
    .shows = "sequences (`DB_SEQUENCE`), one of them with a cache",
    .open = open_sequences,
    .step = draw,
    .finish = close_sequences,
    .check = check_sequences,
};

const struct kind *const sequence_kinds[] = {&sequence, NULL};
