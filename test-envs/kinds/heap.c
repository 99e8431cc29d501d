#include <string.h>

#include "kinds.h"

enum { PAGE = 1024, PAGES = 60, REGION_PAGES = 5, KEPT = 150, VALUE = 120 };

static void set_limits(DB *db)
{
    must(db->set_heapsize(db, 0, PAGE * PAGES, 0), "set_heapsize");
    must(db->set_heap_regionsize(db, REGION_PAGES), "set_heap_regionsize");
}

/* Where each record is, is in another database: places differ from one environment to another. */
struct heap {
    DB *records;
    DB *places;
};

static struct heap heaps[2];

static void open_limited(struct world *world)
{
    struct making making = {
        .type = DB_HEAP, .page_size = PAGE, .likeness = ALIKE_UNSORTED, .setup = set_limits};
    struct making places = {.type = DB_BTREE, .likeness = APART};
    struct heap *heap = &heaps[world->purpose == TO_REPLAY];

    heap->records = world_database(world, "records.db", NULL, &making);
    heap->places = world_database(world, "places.db", NULL, &places);
    world->own = heap;
}

static int limited_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    struct heap *heap = world->own;
    struct text text;
    DBT place_key = key_of(&text, n % KEPT);
    DB_HEAP_RID rid;
    DBT key;
    DBT value;
    int ret;

    memset(&rid, 0, sizeof(rid));
    memset(&key, 0, sizeof(key));
    key.data = &rid;
    key.size = sizeof(rid);
    key.ulen = sizeof(rid);
    key.flags = DB_DBT_USERMEM;
    ret = heap->places->get(heap->places, txn, &place_key, &key, 0);
    if (ret == 0)
        ret = heap->records->del(heap->records, txn, &key, 0);
    else if (ret == DB_NOTFOUND)
        ret = 0;
    if (ret != 0)
        return ret;
    value = value_of(n, VALUE);
    key.size = sizeof(rid);
    ret = heap->records->put(heap->records, txn, &key, &value, DB_APPEND);
    return ret != 0 ? ret : heap->places->put(heap->places, txn, &place_key, &key, 0);
}

static const struct kind limited = {
    .name = "heap-limited",
    .shows = "a heap of limited size and small regions (`set_heapsize`, `set_heap_regionsize`)",
    .open = open_limited,
    .step = limited_step,
};

const struct kind *const heap_kinds[] = {&limited, NULL};
