#include <string.h>

#include "kinds.h"

enum { KEYS = 400, DUPLICATED_KEYS = 40 };

static void open_with(struct world *world, uint32_t flags, void (*setup)(DB *db))
{
    struct making making = {.type = DB_BTREE, .flags = flags, .setup = setup, .page_size = 1024};

    world->own = world_database(world, "records.db", NULL, &making);
}

/* Removes one duplicate of a key: the one after the first, so that those around it stay. */
static int delete_duplicate(DB *db, DB_TXN *txn, uint64_t key)
{
    struct text text;
    DBT key_dbt = key_of(&text, key);
    DBT value;
    DBC *cursor;
    int closed;
    int ret;

    memset(&value, 0, sizeof(value));
    ret = db->cursor(db, txn, &cursor, 0);
    if (ret != 0)
        return ret;
    ret = cursor->get(cursor, &key_dbt, &value, DB_SET);
    if (ret == 0)
        ret = cursor->get(cursor, &key_dbt, &value, DB_NEXT_DUP);
    if (ret == 0)
        ret = cursor->del(cursor, 0);
    closed = cursor->close(cursor);
    return ret != 0 && ret != DB_NOTFOUND ? ret : closed;
}

int duplicates_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    DB *db = world->own;
    uint64_t key = mix(n, 1) % DUPLICATED_KEYS;
    /* Few keys have many: their duplicates move to pages of their own. */
    int ret = put_record(db, txn, key * key / DUPLICATED_KEYS, n, 8 + mix(n, 2) % 60);

    if (ret == 0 && mix(n, 3) % 3 == 0)
        ret = delete_duplicate(db, txn, mix(n, 4) % DUPLICATED_KEYS);
    if (ret == 0 && mix(n, 5) % 50 == 0)
        ret = delete_record(db, txn, mix(n, 6) % DUPLICATED_KEYS);
    return ret;
}

static void open_sorted(struct world *world)
{
    open_with(world, DB_DUPSORT, NULL);
}

static const struct kind sorted = {
    .name = "btree-dup-sorted",
    .shows = "sorted duplicates (`DB_DUPSORT`), a few of a key or pages of them",
    .open = open_sorted,
    .step = duplicates_step,
};

static void open_unsorted(struct world *world)
{
    open_with(world, DB_DUP, NULL);
}

static const struct kind unsorted = {
    .name = "btree-dup-unsorted",
    .shows = "duplicates in the order in which they came (`DB_DUP`)",
    .open = open_unsorted,
    .step = duplicates_step,
};

static void open_numbered(struct world *world)
{
    open_with(world, DB_RECNUM, NULL);
}

/* Also removes what is third now, whichever key it has. */
static int numbered_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    DB *db = world->own;
    db_recno_t third = 3;
    DBT key = number_of(&third);
    DBT value;
    DBC *cursor;
    int closed;
    int ret = usual_step(db, txn, n, KEYS, 120);

    if (ret != 0 || mix(n, 5) % 8 != 0)
        return ret;
    memset(&value, 0, sizeof(value));
    key.flags = 0;
    ret = db->cursor(db, txn, &cursor, 0);
    if (ret != 0)
        return ret;
    ret = cursor->get(cursor, &key, &value, DB_SET_RECNO);
    if (ret == 0)
        ret = cursor->del(cursor, 0);
    closed = cursor->close(cursor);
    return ret != 0 && ret != DB_NOTFOUND ? ret : closed;
}

static const struct kind numbered = {
    .name = "btree-recnum",
    .shows = "a B-tree with record numbers (`DB_RECNUM`)",
    .open = open_numbered,
    .step = numbered_step,
};

static int key_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    return usual_step(world->own, txn, n, KEYS, 120);
}

/* Descending, so that libdb's own order would find nothing. */
static int descending(DB *db, const DBT *left, const DBT *right)
{
    uint32_t shorter = left->size < right->size ? left->size : right->size;
    int order = memcmp(left->data, right->data, shorter);

    (void)db;
    if (order != 0)
        return -order;
    return left->size < right->size ? 1 : left->size > right->size ? -1 : 0;
}

/* How much of the right one tells them apart. */
static size_t prefix(DB *db, const DBT *left, const DBT *right)
{
    const unsigned char *a = left->data;
    const unsigned char *b = right->data;
    uint32_t shorter = left->size < right->size ? left->size : right->size;

    (void)db;
    for (uint32_t i = 0; i < shorter; i++)
        if (a[i] != b[i])
            return i + 1;
    return right->size;
}

static void set_order(DB *db)
{
    must(db->set_bt_compare(db, descending), "set_bt_compare");
    must(db->set_bt_prefix(db, prefix), "set_bt_prefix");
}

static void open_prefix(struct world *world)
{
    open_with(world, 0, set_order);
}

static const struct kind own_order = {
    .name = "btree-prefix",
    .shows = "an order and a prefix of the application's own (`set_bt_compare`, `set_bt_prefix`)",
    .open = open_prefix,
    .step = key_step,
};

static void set_compression(DB *db)
{
    must(db->set_bt_compress(db, NULL, NULL), "set_bt_compress");
}

static void open_compressed(struct world *world)
{
    open_with(world, 0, set_compression);
}

static const struct kind compressed = {
    .name = "btree-compressed",
    .shows = "keys compressed by their prefix (`set_bt_compress`)",
    .open = open_compressed,
    .step = key_step,
};

const struct kind *const btree_kinds[] = {&sorted, &unsorted, &numbered, &own_order, &compressed, NULL};
