#include <stdlib.h>
#include <string.h>

#include "kinds.h"

enum { VALUE = 200 };

/* Where the access method wants it. */
static int put_anywhere(DB *db, DB_TXN *txn, DBTYPE type, uint64_t i, uint64_t n)
{
    DBT value = value_of(n, VALUE);
    db_recno_t number = 0;
    DB_HEAP_RID rid;
    DBT key;

    if (type == DB_BTREE || type == DB_HASH)
        return put_record(db, txn, i, n, VALUE);
    memset(&rid, 0, sizeof(rid));
    key = number_of(&number);
    if (type == DB_HEAP) {
        key.data = &rid;
        key.size = sizeof(rid);
        key.ulen = sizeof(rid);
    }
    return db->put(db, txn, &key, &value, DB_APPEND);
}

int fill_made(struct world *world, DB_TXN *txn, const struct made *made, uint64_t first, uint64_t count)
{
    DB *db = world_configured(world, made->making);
    int closed;
    int ret;

    ret = db->open(db, txn, made->file, made->subdatabase, made->making->type, DB_CREATE | DB_THREAD, 0);
    for (uint64_t i = first; ret == 0 && i < first + count; i++)
        ret = put_anywhere(db, txn, made->making->type, i, made->n + i);
    closed = db->close(db, 0);
    return ret != 0 ? ret : closed;
}

static bool has_value(const struct records *values, uint64_t n)
{
    DBT value = value_of(n, VALUE);

    for (size_t i = 0; i < values->count; i++)
        if (values->item[i].size == value.size && memcmp(values->item[i].data, value.data, value.size) == 0)
            return true;
    return false;
}

void check_made(struct world *world, const struct made *made, uint64_t count)
{
    const char *name = made->subdatabase != NULL ? made->subdatabase : made->file;
    struct database found = {.db = world_configured(world, made->making), .likeness = ALIKE};
    struct records keys = {0};
    struct records values = {0};
    bool wanted = count != 0;
    int ret;

    /* That it is not there is nothing to report on. */
    found.db->set_errcall(found.db, NULL);
    ret = found.db->open(found.db, NULL, made->file, made->subdatabase, made->making->type, DB_RDONLY, 0);
    if ((ret == 0) != wanted)
        fail(world, "%s: %s", name, wanted ? db_strerror(ret) : "is there");
    if (ret == 0 && wanted) {
        records_read(&found, &keys, &values);
        if (values.count != count)
            fail(world, "%s: %zu records instead of %llu", name, values.count, (unsigned long long)count);
        for (uint64_t i = 0; i < count; i++)
            if (!has_value(&values, made->n + i))
                fail(world, "%s: record %llu is not there", name, (unsigned long long)i);
        records_release(&keys);
        records_release(&values);
    }
    must(found.db->close(found.db, DB_NOSYNC), "closing a database");
}
