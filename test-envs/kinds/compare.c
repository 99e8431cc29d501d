#include <stdlib.h>
#include <string.h>

#include "kinds.h"

static void add(struct records *records, const DBT *from)
{
    DBT *to;

    if (records->count == records->capacity) {
        records->capacity = records->capacity * 2 + 64;
        records->item = realloc(records->item, records->capacity * sizeof(DBT));
        if (records->item == NULL)
            usage("out of memory", NULL);
    }
    to = &records->item[records->count++];
    memset(to, 0, sizeof(*to));
    to->size = from->size;
    to->data = malloc(from->size + 1);
    if (to->data == NULL)
        usage("out of memory", NULL);
    memcpy(to->data, from->data, from->size);
}

static int compare(const void *left, const void *right)
{
    const DBT *a = left;
    const DBT *b = right;
    int order = memcmp(a->data, b->data, a->size < b->size ? a->size : b->size);

    if (order != 0)
        return order;
    return a->size < b->size ? -1 : a->size > b->size;
}

void records_read(const struct database *database, struct records *keys, struct records *values)
{
    DB *db = database->db;
    DBT key;
    DBT value;
    DBC *cursor;
    int ret;

    memset(&key, 0, sizeof(key));
    memset(&value, 0, sizeof(value));
    key.flags = DB_DBT_REALLOC;
    value.flags = DB_DBT_REALLOC;
    must(db->cursor(db, NULL, &cursor, 0), database->name);
    while ((ret = cursor->get(cursor, &key, &value, DB_NEXT)) == 0) {
        add(keys, &key);
        add(values, &value);
    }
    if (ret != DB_NOTFOUND)
        library_error(ret, database->name);
    must(cursor->close(cursor), database->name);
    free(key.data);
    free(value.data);
    if (database->likeness == ALIKE_UNSORTED)
        qsort(values->item, values->count, sizeof(DBT), compare);
}

void records_release(struct records *records)
{
    for (size_t i = 0; i < records->count; i++)
        free(records->item[i].data);
    free(records->item);
}

static void compare_one(struct world *world, const struct database *found, const struct database *expected)
{
    struct records keys[2] = {{0}};
    struct records values[2] = {{0}};

    records_read(found, &keys[0], &values[0]);
    records_read(expected, &keys[1], &values[1]);
    if (values[0].count != values[1].count)
        fail(world, "%s: %zu records instead of %zu", found->name, values[0].count, values[1].count);
    for (size_t i = 0; i < values[0].count && i < values[1].count; i++)
        if ((found->likeness == ALIKE && compare(&keys[0].item[i], &keys[1].item[i]) != 0) ||
            compare(&values[0].item[i], &values[1].item[i]) != 0) {
            fail(world, "%s: record %zu of %zu is another", found->name, i + 1, values[1].count);
            break;
        }
    for (int i = 0; i < 2; i++) {
        records_release(&keys[i]);
        records_release(&values[i]);
    }
}

void compare_databases(struct world *world, const struct world *expected)
{
    if (world->count != expected->count)
        fail(world, "%zu databases instead of %zu", world->count, expected->count);
    for (size_t i = 0; i < world->count && i < expected->count; i++)
        if (strcmp(world->database[i].name, expected->database[i].name) != 0)
            fail(world, "%s instead of %s", world->database[i].name, expected->database[i].name);
        else if (world->database[i].likeness != APART)
            compare_one(world, &world->database[i], &expected->database[i]);
}
